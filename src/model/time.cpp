#include "model/time.hpp"

#include <array>
#include <charconv>

namespace oes {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::minutes;
using std::chrono::seconds;

// Takes exactly `n` digits off the front.
std::optional<int> take_digits(std::string_view& s, std::size_t n) {
  if (s.size() < n) return std::nullopt;
  int value = 0;
  for (std::size_t i = 0; i < n; ++i) {
    if (s[i] < '0' || s[i] > '9') return std::nullopt;
    value = value * 10 + (s[i] - '0');
  }
  s.remove_prefix(n);
  return value;
}

bool take(std::string_view& s, char c) {
  if (s.empty() || s.front() != c) return false;
  s.remove_prefix(1);
  return true;
}

struct local_parts {
  network_time second;
  microseconds fraction{};
};

std::optional<local_parts> take_local(std::string_view& s) {
  const auto year = take_digits(s, 4);
  if (!year || !take(s, '-')) return std::nullopt;
  const auto month = take_digits(s, 2);
  if (!month || !take(s, '-')) return std::nullopt;
  const auto day = take_digits(s, 2);
  if (!day || (!take(s, 'T') && !take(s, ' '))) return std::nullopt;
  const auto hour = take_digits(s, 2);
  if (!hour || !take(s, ':')) return std::nullopt;
  const auto minute = take_digits(s, 2);
  if (!minute || !take(s, ':')) return std::nullopt;
  const auto second = take_digits(s, 2);
  if (!second) return std::nullopt;
  const auto date = std::chrono::year(*year) / *month / *day;
  if (!date.ok() || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
  local_parts parts{network_time(std::chrono::local_days(date)) + hours(*hour) + minutes(*minute) + seconds(*second),
                    {}};
  if (take(s, '.')) {
    int scale = 100000;
    bool any = false;
    while (!s.empty() && s.front() >= '0' && s.front() <= '9') {
      parts.fraction += microseconds((s.front() - '0') * scale);
      scale /= 10;
      s.remove_prefix(1);
      any = true;
    }
    if (!any) return std::nullopt;
  }
  return parts;
}

std::optional<minutes> take_offset(std::string_view& s) {
  if (take(s, 'Z')) return minutes(0);
  if (s.empty() || (s.front() != '+' && s.front() != '-')) return std::nullopt;
  const int sign = s.front() == '-' ? -1 : 1;
  s.remove_prefix(1);
  const auto hour = take_digits(s, 2);
  if (!hour || !take(s, ':')) return std::nullopt;
  const auto minute = take_digits(s, 2);
  if (!minute || *hour > 23 || *minute > 59) return std::nullopt;
  return sign * (hours(*hour) + minutes(*minute));
}

void put_digits(char* out, int value, int digits) {
  for (int i = digits - 1; i >= 0; --i) {
    out[i] = static_cast<char>('0' + value % 10);
    value /= 10;
  }
}

std::string date_time(seconds since_epoch) {
  const std::chrono::sys_seconds t(since_epoch);
  const auto day = std::chrono::floor<days>(t);
  const std::chrono::year_month_day date(day);
  const auto of_day = (t - day).count();
  std::string out = "0000-00-00T00:00:00";
  put_digits(out.data(), static_cast<int>(date.year()), 4);
  put_digits(out.data() + 5, static_cast<int>(static_cast<unsigned>(date.month())), 2);
  put_digits(out.data() + 8, static_cast<int>(static_cast<unsigned>(date.day())), 2);
  put_digits(out.data() + 11, static_cast<int>(of_day / 3600), 2);
  put_digits(out.data() + 14, static_cast<int>(of_day / 60 % 60), 2);
  put_digits(out.data() + 17, static_cast<int>(of_day % 60), 2);
  return out;
}

}  // namespace

std::optional<network_time> parse_network_time(std::string_view text) {
  const auto local = take_local(text);
  if (!local || !text.empty()) return std::nullopt;
  return local->second;
}

std::optional<offset_time> parse_offset_time(std::string_view text) {
  const auto local = take_local(text);
  if (!local) return std::nullopt;
  const auto offset = take_offset(text);
  if (!offset || !text.empty()) return std::nullopt;
  return offset_time{local->second, *offset};
}

std::optional<utc_time> parse_utc(std::string_view text) {
  const auto local = take_local(text);
  if (!local) return std::nullopt;
  const auto offset = take_offset(text);
  if (!offset || !text.empty()) return std::nullopt;
  return utc_time(local->second.time_since_epoch() - *offset) + local->fraction;
}

std::string format(network_time t) { return date_time(t.time_since_epoch()); }

std::string format(network_time t, minutes offset) {
  std::string out = date_time(t.time_since_epoch());
  const auto total = offset.count();
  const auto magnitude = static_cast<int>(total < 0 ? -total : total);
  std::array<char, 6> text{total < 0 ? '-' : '+', '0', '0', ':', '0', '0'};
  put_digits(text.data() + 1, magnitude / 60, 2);
  put_digits(text.data() + 4, magnitude % 60, 2);
  return out.append(text.data(), text.size());
}

std::string format_utc_seconds(utc_time t) {
  return date_time(std::chrono::floor<seconds>(t.time_since_epoch())) + "Z";
}

std::string format_utc(utc_time t) {
  const auto whole = std::chrono::floor<seconds>(t.time_since_epoch());
  const auto ms = std::chrono::floor<std::chrono::milliseconds>(t.time_since_epoch() - whole);
  std::string out = date_time(whole) + ".000Z";
  put_digits(out.data() + out.size() - 4, static_cast<int>(ms.count()), 3);
  return out;
}

}  // namespace oes
