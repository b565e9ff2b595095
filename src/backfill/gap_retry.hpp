#pragma once
// Holes older than everything that is read again: asked for on a cadence of their own, given up by age alone.
#include <functional>
#include <map>
#include <vector>

#include "backfill/recollection.hpp"

namespace oes {

/// One pass over a group's gaps.
struct gap_pass {
  group_backfill work;                                        ///< what is asked for again
  std::vector<std::pair<member_key, member_patch>> given_up;  ///< gaps that are too old: recorded as such
};

/// Gaps whose data is older than `settings.gap_give_up`, or than the plan's history, are given up. Of the others what
/// is not read again anyway is asked for. `index`: the group's in the deployment. Pure.
gap_pass plan_gap_pass(const request_group& group, std::size_t index,
                       const std::map<member_key, member_progress>& members, const plan_limits& limits,
                       const schedule_settings& settings, utc_time now);

/// The first pass after `now`: each `gap_retry` from 02:00 AEST on, when the API's own repairs of the day are done
/// (api.md §6: 00:15), `scatter` in [0, 1) of half an hour later. Not at once: a daemon that is started often would
/// spend its credits on old holes.
utc_time next_gap_pass(utc_time now, const schedule_settings& settings, double scatter);

/// Where a pass works; borrowed, outlives it.
struct gap_context {
  const std::vector<request_group>& groups;
  const poll_context& by;
  reader& read;
  writer& write;
  std::function<bool()> goes_on;  ///< false: something else is to be done beside the live streams
  recall_published recall;        ///< what was published of a gap that fills
};

/// One pass over every group. Whatever goes wrong, a gap stays open and the next pass comes.
boost::asio::awaitable<void> retry_gaps(gap_context& context);

}  // namespace oes
