#pragma once
// The second half of the walk: an understood answer → chunks in time order → commits.
#include <optional>
#include <vector>

#include "groups/group_state.hpp"
#include "model/work_in_hand.hpp"
#include "pipeline/writer.hpp"

namespace oes {

/// What the answer lets each member of the plan do.
struct member_step {
  std::size_t member = 0;  ///< index into request_group::members
  advance_answer advance;
  record_plan records;  ///< its block's chosen points
  /// The oldest label that the ledger must keep for a pending re-read; network_time::max(): none is pending. nullopt:
  /// a backfill, which is older than the ledger.
  std::optional<network_time> keep_from;
  range_set read_again = {};  ///< of a refresh under way: done with this answer
};

struct planned_steps {
  std::vector<member_step> steps;               ///< of members that have something to publish or to pass
  std::map<std::size_t, unanswered> not_whole;  ///< members of which the answer does not say all that was published
  std::vector<member_compared> compared;        ///< what was looked at and not published
};

/// What the answer lets the planned members do; a member whose metric is absent has no step.
/// In slices; all but `context` and `loop` outlive the wait.
boost::asio::awaitable<planned_steps> plan_steps(const request_group& group, const group_state& state,
                                                 const group_plan& plan, const time_series_answer& answer,
                                                 plan_context context, boost::asio::any_io_executor loop);

/// Commits chunk by chunk, building the next while one is under way; members and ledgers of `state` follow each commit.
/// A chunk is a prefix in time of the answer, and its patch reaches no farther than it does, nor beyond `asked`, the
/// window in labels: whoever is killed after it asks for all the rest again. Errors: as of committer::commit().
/// Whatever ends it, nothing of it is under way any more.
/// Throws std::logic_error where a patch would reach farther: nothing of that is ever sent.
boost::asio::awaitable<result<void>> deliver(const request_group& group, group_state& state, writer& write,
                                             const time_series_answer& answer, time_range asked,
                                             std::vector<member_step> steps, work_place place = work_place::live);

}  // namespace oes
