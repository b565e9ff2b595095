#pragma once
// How much of what a group has read before it reads again, and when: the API revises values for days (api.md §6). A
// deep re-read takes the place of the poll of its time: one request, a wider window. Pure.
//
// A re-read that has come round is OWED, from where it began, until it was answered and committed: over several
// requests, windows that shrank and failures. The ledger holds what is owed (keep_from), so that a restart owes it too.
#include <cstddef>
#include <optional>
#include <vector>

#include "model/interval.hpp"
#include "model/progress.hpp"
#include "model/range_set.hpp"
#include "model/re_read.hpp"
#include "model/time.hpp"

namespace oes {

/// A cadence comes round. `last`: when it last did; nullopt: not yet since the groups were opened, so it is due. With
/// each poll: always.
bool is_due(const re_read& cadence, std::optional<network_time> last, network_time now);

/// Whether what goes with each poll fits into this one's request.
enum class each_poll { fits, left_out };

/// Why an answer says nothing of something that is read again.
enum class unanswered {
  left_out,  ///< it is not there: after some tries the API has it no more
  doubted,   ///< it was left aside, since the answer's time or ours is wrong: nothing is known of it, however often
};

class look_back {
 public:
  look_back() = default;
  look_back(std::vector<re_read> cadences, interval_size interval, std::size_t members);

  /// Notes what has come round for a member. What goes with each poll and is left out is owed with the next poll that
  /// has room for it, and once its own length of time has gone by. The farthest re-read of a process begins where the
  /// ledger does.
  void fall_due(std::size_t member, const member_progress& stands, network_time now, each_poll room);
  /// Something is owed, and not postponed.
  [[nodiscard]] bool deep_reread_is_due(const std::vector<std::size_t>& members, network_time now) const;
  /// Where a poll begins that reads again what goes with each; its position if nothing does.
  [[nodiscard]] network_time begin_of_poll(const member_progress& stands) const;
  /// The oldest label whose re-read is owed; network_time::max() if none is.
  [[nodiscard]] network_time owed_from(std::size_t member) const;
  /// What is older may leave the ledger, once `window` has been answered.
  [[nodiscard]] network_time keep_from(std::size_t member, time_range window) const;
  /// The same where it was not answered for this member, or not all of it.
  [[nodiscard]] network_time keep_from(std::size_t member) const;
  /// `window` was read again, and what changed there is committed.
  void answered(std::size_t member, time_range window, network_time now);
  /// `window` was answered, but not for this member, or not all of it. Still owed, and to be postponed: true. What was
  /// left out several times the API has no more: as answered.
  bool not_answered(std::size_t member, time_range window, unanswered why, network_time now);
  /// A poll with what goes with each was answered and committed.
  void polled(std::size_t member, network_time now);
  /// The same, but not all of it was there, from `begin` on: the next poll may lie too far ahead to read that again.
  void polled_in_part(std::size_t member, const member_progress& stands, network_time begin);
  /// A deep re-read failed: live data must not wait for it. Not again for so long, and for a quarter of an hour at
  /// least.
  void postpone(network_time now, std::chrono::seconds at_least = std::chrono::seconds(0));

 private:
  // One cadence of one member.
  struct standing {
    std::optional<network_time> last;  ///< when it was last done; nullopt: not yet since the groups were opened
    std::optional<time_range> owed;    ///< what of it is left
    int left_out = 0;                  ///< answers in a row that had nothing of it
    /// Where it would have begun in a poll that had no room for it: what changed there has not been seen since.
    std::optional<network_time> passed_over = {};
  };

  [[nodiscard]] bool comes_round(const re_read& cadence, const standing& one, time_range due, network_time now,
                                 each_poll room) const;
  [[nodiscard]] network_time begin_of(const re_read& cadence, const member_progress& stands) const;
  void pass_over(const re_read& cadence, standing& one, const member_progress& stands) const;
  [[nodiscard]] network_time passed_over(std::size_t member) const;

  std::vector<re_read> cadences_;
  interval_size interval_ = interval_size::m5;
  std::vector<std::vector<standing>> members_;  ///< [member][cadence]
  std::optional<time_range> postponed_;
};

}  // namespace oes
