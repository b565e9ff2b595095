#pragma once
// The fewest requests that read a set of ranges. Pure.
#include <chrono>
#include <vector>

#include "model/interval.hpp"
#include "model/range_set.hpp"

namespace oes {

/// Windows of at most `max_window` (and one bucket at least) that together hold all of `wanted`, ascending, each from
/// its first wanted label to after its last one. No other choice of windows needs fewer: each begins at the first
/// label that is left and is as long as it may be. One range of length `r` takes ceil(r / max_window) of them, where
/// that holds whole buckets.
std::vector<time_range> backfill_windows(const range_set& wanted, interval_size interval,
                                         std::chrono::seconds max_window);

}  // namespace oes
