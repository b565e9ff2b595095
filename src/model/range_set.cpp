#include "model/range_set.hpp"

#include <algorithm>

namespace oes {

void range_set::add(time_range r) {
  if (r.empty()) return;
  std::vector<time_range> merged;
  merged.reserve(ranges_.size() + 1);
  for (const auto& have : ranges_) {
    if (have.end < r.begin || have.begin > r.end) {
      merged.push_back(have);
    } else {
      r = {std::min(r.begin, have.begin), std::max(r.end, have.end)};
    }
  }
  merged.insert(std::upper_bound(merged.begin(), merged.end(), r,
                                 [](const time_range& a, const time_range& b) { return a.begin < b.begin; }),
                r);
  ranges_ = std::move(merged);
}

void range_set::remove(time_range r) {
  if (r.empty()) return;
  std::vector<time_range> kept;
  kept.reserve(ranges_.size() + 1);
  for (const auto& have : ranges_) {
    const time_range before{have.begin, std::min(have.end, r.begin)};
    const time_range after{std::max(have.begin, r.end), have.end};
    if (!before.empty()) kept.push_back(before);
    if (!after.empty()) kept.push_back(after);
  }
  ranges_ = std::move(kept);
}

bool range_set::contains(network_time t) const {
  return std::any_of(ranges_.begin(), ranges_.end(), [t](const time_range& r) { return r.begin <= t && t < r.end; });
}

std::vector<time_range> range_set::missing(time_range within) const {
  std::vector<time_range> out;
  auto from = within.begin;
  for (const auto& have : ranges_) {
    if (have.end <= from) continue;
    if (have.begin >= within.end) break;
    if (have.begin > from) out.push_back({from, have.begin});
    from = std::max(from, have.end);
  }
  if (from < within.end) out.push_back({from, within.end});
  return out;
}

}  // namespace oes
