#include "config/quantity.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <utility>

namespace oes {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::array<std::pair<std::string_view, std::int64_t>, 5> duration_units{
    {{"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1'000}, {"ms", 1}}};
constexpr std::array<std::pair<std::string_view, std::int64_t>, 7> size_units{{{"GiB", 1LL << 30},
                                                                               {"MiB", 1LL << 20},
                                                                               {"KiB", 1LL << 10},
                                                                               {"GB", 1'000'000'000},
                                                                               {"MB", 1'000'000},
                                                                               {"kB", 1'000},
                                                                               {"B", 1}}};
// A hundred years in milliseconds: no setting means more, and sums of a few of them stay far from overflow.
constexpr std::int64_t longest_duration = 36'525LL * 86'400'000;
constexpr std::int64_t largest_size = 1LL << 50;

// Takes the digits at the front; nullopt if there are none or too many.
std::optional<std::int64_t> take_integer(std::string_view& text) {
  std::int64_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc() || text.empty() || text.front() == '-') return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

std::string_view take_letters(std::string_view& text) {
  std::size_t size = 0;
  while (size < text.size() && (text[size] < '0' || text[size] > '9')) ++size;
  const auto letters = text.substr(0, size);
  text.remove_prefix(size);
  return letters;
}

}  // namespace

std::optional<milliseconds> parse_duration(std::string_view text) {
  if (text == "0") return milliseconds(0);
  if (text.empty()) return std::nullopt;
  std::int64_t total = 0;
  std::size_t next_unit = 0;
  while (!text.empty()) {
    const auto count = take_integer(text);
    if (!count) return std::nullopt;
    const auto name = take_letters(text);
    while (next_unit < duration_units.size() && duration_units[next_unit].first != name) ++next_unit;
    if (next_unit == duration_units.size()) return std::nullopt;
    const auto unit = duration_units[next_unit++].second;
    if (*count > longest_duration / unit) return std::nullopt;
    total += *count * unit;
  }
  if (total > longest_duration) return std::nullopt;
  return milliseconds(total);
}

std::string format_duration(milliseconds span) {
  if (span.count() == 0) return "0s";
  std::string out;
  auto rest = span.count();
  for (const auto& [name, unit] : duration_units) {
    if (rest / unit == 0) continue;
    out.append(std::to_string(rest / unit)).append(name);
    rest %= unit;
  }
  return out;
}

std::optional<std::int64_t> parse_size(std::string_view text) {
  const auto count = take_integer(text);
  if (!count) return std::nullopt;
  if (text.empty()) return *count > largest_size ? std::nullopt : count;
  for (const auto& [name, unit] : size_units) {
    if (text == name) return *count > largest_size / unit ? std::nullopt : std::optional(*count * unit);
  }
  return std::nullopt;
}

std::string format_size(std::int64_t bytes) {
  for (const auto& [name, unit] : size_units) {
    if (name == "GB" || name == "MB" || name == "kB") continue;
    if (bytes >= unit && bytes % unit == 0) return std::to_string(bytes / unit).append(name);
  }
  return std::to_string(bytes).append("B");
}

std::optional<seconds> parse_time_of_day(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  for (const auto i : {0U, 1U, 3U, 4U}) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
  }
  const int hour = (text[0] - '0') * 10 + (text[1] - '0');
  const int minute = (text[3] - '0') * 10 + (text[4] - '0');
  if (hour > 23 || minute > 59) return std::nullopt;
  return std::chrono::hours(hour) + std::chrono::minutes(minute);
}

std::string format_time_of_day(seconds since_midnight) {
  std::array<char, 16> text{};
  const auto minutes = since_midnight.count() / 60;
  std::snprintf(text.data(), text.size(), "%02d:%02d", static_cast<int>(minutes / 60 % 24),
                static_cast<int>(minutes % 60));
  return text.data();
}

std::string format_number(double value) {
  std::array<char, 32> text{};
  const auto [end, problem] = std::to_chars(text.data(), text.data() + text.size(), value);
  return problem == std::errc() ? std::string(text.data(), end) : std::string();
}

std::optional<double> parse_number(std::string_view text) {
  double value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace oes
