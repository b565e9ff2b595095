#pragma once
// The API's interval sizes and the arithmetic of their buckets, on naive network time.
#include <chrono>
#include <optional>
#include <string_view>

#include "model/time.hpp"

namespace oes {

enum class interval_size { m5, h1, d1, d7, mo1, mo3, season, y1, fy };

/// "5m", "1h", "1d", "7d", "1M", "3M", "season", "1y", "fy": case matters (1M is a month).
std::string_view code(interval_size size);
std::optional<interval_size> parse_interval_size(std::string_view text);

// Positions, windows and ranges are in labels. A bucket's label is where it starts, weeks on Sunday; but the API labels
// a season by the calendar quarter it puts it in (March to May by 1 January, …, December and the same year's January
// and February by 1 October) and a financial year by 1 January of the year in which it ends (api.md §4).

/// The newest label at or before `t`.
network_time bucket_floor(network_time t, interval_size size);
/// The label `count` labels after `start`.
network_time bucket_add(network_time start, interval_size size, int count);
/// The label of the earliest bucket that is not over at the instant `t`: all before it are.
network_time first_open(network_time t, interval_size size);
/// Where the data lie of the labels in [first, end): what a request must name for each of these buckets to be whole.
struct data_span {
  network_time start;
  network_time end;
};
data_span data_of(network_time first, network_time end, interval_size size);
/// The step of 5m, 1h, 1d, 7d; nullopt for calendar sizes, whose length varies.
std::optional<std::chrono::seconds> fixed_step(interval_size size);

}  // namespace oes
