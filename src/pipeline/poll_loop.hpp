#pragma once
// The poll loop of a request group: plan → read → select → publish → finish, again and again as its turns come.
#include <boost/asio/awaitable.hpp>
#include <string>
#include <vector>

#include "groups/cycle_outcome.hpp"
#include "groups/group_state.hpp"
#include "pipeline/chunk_pipeline.hpp"
#include "pipeline/poll_context.hpp"
#include "pipeline/writer.hpp"
#include "reader/reader.hpp"
#include "schedule/turns.hpp"

namespace oes {

/// One request group in a term of leadership. All that is referred to outlives it.
class poll_loop {
 public:
  poll_loop(request_group group, group_state state, const poll_context& by, reader& read, writer& write);

  /// Cycles as their turns come, until the tap closes.
  boost::asio::awaitable<void> run();
  /// Cycles without a pause, until nothing more is waiting, one has failed or the tap closes: how the last one ended.
  boost::asio::awaitable<cycle_outcome> run_once();
  /// One cycle.
  boost::asio::awaitable<cycle_outcome> cycle(turn whose, other_turn other = other_turn::is_due);

  [[nodiscard]] const request_group& group() const { return group_; }
  [[nodiscard]] const group_state& state() const { return state_; }

 private:
  boost::asio::awaitable<cycle_outcome> read_and_publish(group_plan& plan);
  /// Notes in the plan what is known with its answer.
  boost::asio::awaitable<result<window_answer>> read_window(group_plan& plan);
  boost::asio::awaitable<result<planned_steps>> select(const group_plan& plan, const window_answer& answer);
  boost::asio::awaitable<result<void>> publish(const group_plan& plan, const window_answer& answer,
                                               std::vector<member_step> steps);
  cycle_outcome finish(const group_plan& plan, planned_steps done);
  void report(const cycle_outcome& outcome);

  request_group group_;
  group_state state_;
  std::string who_ = coroutine_of(group_);   ///< its coroutine's name
  work_in_hand hand_ = work_of(group_, {});  ///< what is at work
  const poll_context& by_;
  reader& read_;
  writer& write_;
};

}  // namespace oes
