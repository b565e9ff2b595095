#include "model/interval.hpp"

#include <array>
#include <utility>

namespace oes {
namespace {

using std::chrono::days;
using std::chrono::local_days;
using std::chrono::months;
using std::chrono::year_month_day;

constexpr std::array<std::pair<interval_size, std::string_view>, 9> codes{{{interval_size::m5, "5m"},
                                                                           {interval_size::h1, "1h"},
                                                                           {interval_size::d1, "1d"},
                                                                           {interval_size::d7, "7d"},
                                                                           {interval_size::mo1, "1M"},
                                                                           {interval_size::mo3, "3M"},
                                                                           {interval_size::season, "season"},
                                                                           {interval_size::y1, "1y"},
                                                                           {interval_size::fy, "fy"}}};

// First day of the period of `length` months that holds `t`, periods counted from month `first` (1…12).
network_time month_floor(network_time t, int length, int first) {
  const year_month_day date(std::chrono::floor<days>(t));
  const auto month = static_cast<int>(static_cast<unsigned>(date.month()));
  const int back = ((month - first) % length + length) % length;
  const auto start = std::chrono::year_month(date.year(), date.month()) - months(back);
  return network_time(local_days(start / 1));
}

network_time month_add(network_time t, int count) {
  const year_month_day date(std::chrono::floor<days>(t));
  const auto month = std::chrono::year_month(date.year(), date.month()) + months(count);
  return network_time(local_days(month / 1));
}

}  // namespace

std::string_view code(interval_size size) {
  for (const auto& [value, text] : codes) {
    if (value == size) return text;
  }
  return "";
}

std::optional<interval_size> parse_interval_size(std::string_view text) {
  for (const auto& [value, name] : codes) {
    if (name == text) return value;
  }
  return std::nullopt;
}

std::optional<std::chrono::seconds> fixed_step(interval_size size) {
  switch (size) {
    case interval_size::m5:
      return std::chrono::minutes(5);
    case interval_size::h1:
      return std::chrono::hours(1);
    case interval_size::d1:
      return days(1);
    case interval_size::d7:
      return days(7);
    case interval_size::mo1:
    case interval_size::mo3:
    case interval_size::season:
    case interval_size::y1:
    case interval_size::fy:
      return std::nullopt;
  }
  return std::nullopt;
}

network_time bucket_floor(network_time t, interval_size size) {
  switch (size) {
    case interval_size::m5:
      return std::chrono::floor<std::chrono::duration<int, std::ratio<300>>>(t);
    case interval_size::h1:
      return std::chrono::floor<std::chrono::hours>(t);
    case interval_size::d1:
      return std::chrono::floor<days>(t);
    case interval_size::d7: {
      const auto day = std::chrono::floor<days>(t);
      return day - (std::chrono::weekday(day) - std::chrono::Sunday);
    }
    case interval_size::mo1:
      return month_floor(t, 1, 1);
    case interval_size::mo3:
      return month_floor(t, 3, 1);
    case interval_size::season:
      return month_floor(t, 3, 12);
    case interval_size::y1:
      return month_floor(t, 12, 1);
    case interval_size::fy:
      return month_floor(t, 12, 7);
  }
  return t;
}

network_time bucket_add(network_time start, interval_size size, int count) {
  if (const auto step = fixed_step(size)) return start + count * *step;
  switch (size) {
    case interval_size::mo1:
      return month_add(start, count);
    case interval_size::mo3:
    case interval_size::season:
      return month_add(start, 3 * count);
    default:
      return month_add(start, 12 * count);
  }
}

}  // namespace oes
