#include "schedule/backfill_windows.hpp"

#include <algorithm>

#include "schedule/window_planner.hpp"

namespace oes {

std::vector<time_range> backfill_windows(const range_set& wanted, interval_size interval,
                                         std::chrono::seconds max_window) {
  std::vector<time_range> windows;
  auto limit = network_time::min();  // how far the newest window may reach
  for (const auto& range : wanted.ranges()) {
    auto from = range.begin;
    while (from < range.end) {
      if (from >= limit) {
        windows.push_back({from, from});
        limit = longest_end(from, interval, max_window);
      }
      from = windows.back().end = std::min(limit, range.end);
    }
  }
  return windows;
}

}  // namespace oes
