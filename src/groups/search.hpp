#pragma once
// Where newer data of a member is looked for, once a whole window has brought nothing of it. Pure.
#include <chrono>
#include <vector>

#include "groups/group_state.hpp"

namespace oes {

/// Where the next label of a member is looked for.
struct sought {
  network_time from;  ///< where it stands, or where its search goes on
  /// How long a window may be: what the plan allows, and of who does not search `batch_size_hours`.
  std::chrono::seconds cap;
};

/// Of each member, parallel to the group's.
std::vector<sought> where_sought(const request_group& group, const group_state& state, const plan_limits& limits);

/// The end of a window; of a live query network_time::max().
inline network_time window_end(const time_window& window) { return window.end.value_or(network_time::max()); }

/// A search that went on into the future went by a time that was wrong.
void forget_searches_ahead(group_state& state, interval_size interval, network_time now);

/// The plan's window brought nothing of these members, or not to the end: where their search for newer data begins or
/// goes on. True: another request would tell more; false: what is missing may only be late.
bool note_search(const request_group& group, group_state& state, const group_plan& plan);

}  // namespace oes
