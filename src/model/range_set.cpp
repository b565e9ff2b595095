#include "model/range_set.hpp"

#include <algorithm>

namespace oes {
namespace {

// The first range that ends at `t` or after it.
template <typename Ranges>
auto first_reaching(Ranges& ranges, network_time t) {
  return std::lower_bound(ranges.begin(), ranges.end(), t,
                          [](const time_range& have, network_time at) { return have.end < at; });
}

}  // namespace

void range_set::add(time_range r) {
  if (r.empty()) return;
  const auto first = first_reaching(ranges_, r.begin);
  auto behind = first;
  while (behind != ranges_.end() && behind->begin <= r.end) ++behind;
  if (first == behind) {
    ranges_.insert(first, r);
    return;
  }
  *first = {std::min(r.begin, first->begin), std::max(r.end, std::prev(behind)->end)};
  ranges_.erase(std::next(first), behind);
}

void range_set::remove(time_range r) {
  if (r.empty()) return;
  const auto first = first_reaching(ranges_, r.begin);
  std::vector<time_range> kept;
  auto behind = first;
  for (; behind != ranges_.end() && behind->begin < r.end; ++behind) {
    const time_range before{behind->begin, std::min(behind->end, r.begin)};
    const time_range after{std::max(behind->begin, r.end), behind->end};
    if (!before.empty()) kept.push_back(before);
    if (!after.empty()) kept.push_back(after);
  }
  ranges_.insert(ranges_.erase(first, behind), kept.begin(), kept.end());
}

bool range_set::contains(network_time t) const {
  const auto found = first_reaching(ranges_, t + std::chrono::seconds(1));
  return found != ranges_.end() && found->begin <= t;
}

std::vector<time_range> range_set::missing(time_range within) const {
  std::vector<time_range> out;
  auto from = within.begin;
  for (auto at = first_reaching(ranges_, within.begin); at != ranges_.end() && at->begin < within.end; ++at) {
    if (at->end <= from) continue;
    if (at->begin > from) out.push_back({from, at->begin});
    from = std::max(from, at->end);
  }
  if (from < within.end) out.push_back({from, within.end});
  return out;
}

}  // namespace oes
