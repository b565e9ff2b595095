#pragma once
// What an answer lets each member of the plan do: how far it gets, and which points are new or have changed.
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <map>
#include <optional>
#include <vector>

#include "groups/cycle_outcome.hpp"
#include "groups/group_state.hpp"
#include "records/record_builder.hpp"
#include "schedule/advance.hpp"

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
  std::vector<member_compared> compared;        ///< of who has rows: what was looked at and not published
  std::vector<member_published> published;      ///< what will be, step by step
  bool moves = false;                           ///< one of them takes a label
};

/// What the answer lets the planned members do; a member whose metric is absent has no step.
/// In slices; all but `loop` outlive the wait.
boost::asio::awaitable<planned_steps> plan_steps(const request_group& group, const group_state& state,
                                                 const group_plan& plan, const time_series_answer& answer,
                                                 boost::asio::any_io_executor loop);

}  // namespace oes
