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
    case interval_size::season:
      return month_floor(t, 3, 1);
    case interval_size::y1:
    case interval_size::fy:
      return month_floor(t, 12, 1);
  }
  return t;
}

network_time first_open(network_time t, interval_size size) {
  if (size == interval_size::fy) return month_floor(month_add(t, 6), 12, 1);
  if (size != interval_size::season) return bucket_floor(t, size);
  const auto year = month_floor(t, 12, 1);
  // The labels of a year in the order in which their seasons end: on 1 June, September, December and January.
  if (t < month_add(year, 5)) return year;
  if (t < month_add(year, 8)) return month_add(year, 3);
  return month_add(year, t < month_add(year, 11) ? 6 : 9);
}

data_span data_of(network_time first, network_time end, interval_size size) {
  if (size == interval_size::fy) return {month_add(first, -6), month_add(end, -6)};
  if (size != interval_size::season) return {first, end};
  // Three seasons lie two months after their quarter; summer is the first two months of its year and the last.
  const auto summer = month_add(month_floor(first, 12, 1), 9);
  const auto last = month_add(end, -3);
  const bool last_is_summer = last == month_add(month_floor(last, 12, 1), 9);
  return {end > summer ? month_floor(first, 12, 1) : month_add(first, 2), month_add(last, last_is_summer ? 3 : 5)};
}

network_time bucket_add(network_time start, interval_size size, int count) {
  if (const auto step = fixed_step(size)) return start + count * *step;
  if (size == interval_size::mo1) return month_add(start, count);
  const bool quarter = size == interval_size::mo3 || size == interval_size::season;
  return month_add(start, (quarter ? 3 : 12) * count);
}

}  // namespace oes
