#pragma once
// Durations, sizes and times of day as people write them in a configuration.
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace oes {

/// `250ms`, `5m`, `1h30m`, `2d`: units d h m s ms, each at most once, largest first; a bare `0` too. nullopt otherwise.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);
/// The shortest spelling that parse_duration reads back: 5400 s → `1h30m`, 0 → `0s`.
std::string format_duration(std::chrono::milliseconds span);

/// Bytes: `500kB` (1000), `64MiB` (1024²), `4096B`, `4096`. nullopt otherwise.
std::optional<std::int64_t> parse_size(std::string_view text);
/// The largest binary unit that divides it: `64MiB`, `100000` → `100000B`.
std::string format_size(std::int64_t bytes);

/// `HH:MM`, seconds since midnight.
std::optional<std::chrono::seconds> parse_time_of_day(std::string_view text);
std::string format_time_of_day(std::chrono::seconds since_midnight);

/// The shortest decimal text of a number: `0.9`, `2`.
std::string format_number(double value);
std::optional<double> parse_number(std::string_view text);
std::optional<std::int64_t> parse_integer(std::string_view text);

}  // namespace oes
