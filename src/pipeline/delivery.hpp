#pragma once
// The second half of the walk: an understood answer → chunks in time order → commits.
#include <optional>
#include <vector>

#include "pipeline/corridor.hpp"

namespace oes {

/// What the answer lets each member of the plan do.
struct member_step {
  std::size_t member = 0;  ///< index into request_group::members
  advance_answer advance;
  record_plan records;  ///< its block's chosen points
  /// Once it is committed the ledger holds nothing older. None: what is published is older than the ledger (backfill).
  std::optional<network_time> ledger_begin;
  range_set read_again = {};  ///< of a refresh under way: done with this answer
};

/// Steps of the planned members that have something to publish or to pass; a member whose metric is absent has none.
/// In slices; all but `context` and `loop` outlive the wait.
boost::asio::awaitable<std::vector<member_step>> plan_steps(const request_group& group, const group_state& state,
                                                            const group_plan& plan, const time_series_answer& answer,
                                                            plan_context context, boost::asio::any_io_executor loop);

/// Commits chunk by chunk, building the next while one is under way; `state` follows each commit.
/// Errors: fenced, stopped.
boost::asio::awaitable<result<void>> deliver(const request_group& group, group_state& state, corridor& c,
                                             const time_series_answer& answer, std::vector<member_step> steps);

}  // namespace oes
