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

/// Start of the bucket that holds `t`. Weeks start on Sunday; season starts on 1 Mar/Jun/Sep/Dec;
/// fy on 1 July (for planning only: the API's season and fy labels are opaque, api.md §4).
network_time bucket_floor(network_time t, interval_size size);
/// Start of the bucket `count` buckets after the one that starts at `start`.
network_time bucket_add(network_time start, interval_size size, int count);
/// The step of 5m, 1h, 1d, 7d; nullopt for calendar sizes, whose length varies.
std::optional<std::chrono::seconds> fixed_step(interval_size size);

}  // namespace oes
