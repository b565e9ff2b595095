#pragma once
// When a group's next cycle comes, and whose turn it is: the pace of its live edge, its turns, and how long failures
// wait. Time and random numbers are the context's.
//
// In this order: pacing says how long until the live edge is asked for (the trigger, stretched to the group's ration of
// credits, placed where labels were seen to appear, or where a late bucket is tried again); next_pause() makes of that
// and of how the cycle ended the pause of the turn that was had, a backoff for example; turns keeps the time of either
// turn, and says which is due first.
#include <boost/asio/awaitable.hpp>
#include <optional>

#include "groups/group_state.hpp"
#include "groups/retry_pause.hpp"
#include "pipeline/pacing.hpp"
#include "pipeline/poll_context.hpp"
#include "reader/reader.hpp"
#include "schedule/turns.hpp"

namespace oes {

class poll_schedule {
 public:
  struct cycle_begun {
    turn whose = turn::live;
    run_time asked{};
    other_turn other = other_turn::is_due;
  };

  /// Joins the ration of credits.
  poll_schedule(const request_group& group, const poll_context& by, reader& read);

  /// When the next turn comes.
  [[nodiscard]] run_time due() const { return turns_.due(); }
  /// Waits until somebody's turn comes: that one. nullopt: `something_else` is due before it, or the tap closed.
  boost::asio::awaitable<std::optional<cycle_begun>> next_turn(run_time something_else);
  /// When the next one comes, and how often the group polls meanwhile.
  struct next_poll {
    rhythm at_edge;
    credit_outlook credits;
    utc_time at;
  };
  next_poll ended(const cycle_begun& begun, const cycle_outcome& outcome, const group_state& state);
  /// The live edge is due now.
  void at_once() { turns_.at_once(by_.clock.run()); }

 private:
  const request_group& group_;
  const poll_context& by_;
  reader& read_;
  double scatter_;
  retry_state live_;
  retry_state behind_;
  pacing pace_;
  turns turns_;
};

}  // namespace oes
