#pragma once
// A large answer is looked at series by series, in slices.
#include <cstddef>
#include <vector>

#include "model/answer.hpp"

namespace oes {

/// Calls `look` for each series from `next` on until that were about `points` points. true: no series is left.
template <class Look>
bool look_at_some(const std::vector<series>& all, std::size_t& next, std::size_t points, Look look) {
  constexpr std::size_t lookup = 16;  // what finding a series takes beside its points
  while (next < all.size()) {
    const auto& one = all[next++];
    look(one);
    const auto cost = one.points.size() + lookup;
    if (cost >= points) break;
    points -= cost;
  }
  return next == all.size();
}

}  // namespace oes
