#include "telemetry/human_text.hpp"

#include <algorithm>
#include <cmath>

namespace oes {

std::string grouped(std::int64_t n) {
  auto text = std::to_string(n);
  const std::size_t first = text.front() == '-' ? 1 : 0;
  for (auto at = text.size(); at > first + 3;) {
    at -= 3;
    text.insert(at, 1, ',');
  }
  return text;
}

std::string duration_words(std::int64_t seconds) {
  constexpr std::int64_t minute = 60;
  constexpr std::int64_t hour = 60 * minute;
  constexpr std::int64_t day = 24 * hour;
  const auto s = std::max<std::int64_t>(seconds, 0);
  const auto part = [](std::int64_t n, const char* unit) { return n == 0 ? "" : ' ' + std::to_string(n) + ' ' + unit; };
  if (s < minute) return std::to_string(s) + " s";
  if (s < hour) return std::to_string(s / minute) + " min";
  if (s < day) return std::to_string(s / hour) + " h" + part(s % hour / minute, "min");
  return std::to_string(s / day) + " d" + part(s % day / hour, "h");
}

std::string duration_text(std::chrono::seconds span) {
  const auto total = span.count();
  std::string out;
  if (total >= 3600) out += std::to_string(total / 3600) + "h";
  if (total % 3600 >= 60) out += std::to_string(total % 3600 / 60) + "m";
  if (total % 60 > 0 || out.empty()) out += std::to_string(total % 60) + "s";
  return out;
}

std::string times_text(double factor) {
  const auto tenths = static_cast<std::int64_t>(std::llround(factor * 10));
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + "×";
}

std::string_view words(stream_state s) {
  switch (s) {
    case stream_state::standby:
      return "Standby";
    case stream_state::starting:
      return "Starting";
    case stream_state::live:
      return "Live";
    case stream_state::catching_up:
      return "Catching up";
    case stream_state::waiting:
      return "Waiting for data";
    case stream_state::retrying:
      return "Retrying";
    case stream_state::limit_reached:
      return "Limit reached";
    case stream_state::bad_key:
      return "Key refused";
    case stream_state::stopped_by_api:
      return "Stopped by the API";
    case stream_state::identity_changed:
      return "Identity changed";
    case stream_state::set_apart:
      return "Set apart";
  }
  return "Unknown";
}

label_parts split_label(const std::string& label) {
  constexpr std::size_t date_size = 10;       // 2026-11-23
  constexpr std::size_t date_time_size = 19;  // 2026-11-23T10:05:00
  if (label.size() < date_time_size || label[date_size] != 'T') return {label, "", ""};
  const auto seconds = label.substr(date_time_size - 3, 3);
  return {label.substr(date_size + 1, 5) + (seconds == ":00" ? "" : seconds), label.substr(0, date_size),
          label.substr(date_time_size)};
}

}  // namespace oes
