#include "groups/provisional_edge.hpp"

#include <algorithm>

namespace oes {
namespace {

constexpr auto nowhere = network_time::max();

network_time newest_label(const time_series_answer& answer) {
  auto newest = network_time::min();
  for (const auto& block : answer.blocks) {
    for (const auto& one : block.all) {
      if (!one.points.empty()) newest = std::max(newest, one.points.back().label);
    }
  }
  return newest;
}

}  // namespace

network_time provisional_from(const time_series_answer& answer, const group_plan& plan, interval_size interval) {
  if (interval != interval_size::m5 || !plan.window.end) return nowhere;
  const auto newest = newest_label(answer);
  if (newest == network_time::min()) return nowhere;
  if (plan.reaches_edge) return newest;
  const bool tail_missing = bucket_add(newest, interval, 1) < *plan.window.end;
  return tail_missing && newest > plan.context.now - plan.context.hole_after ? newest : nowhere;
}

}  // namespace oes
