#include "fetch/retry_after.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

namespace oes {
namespace {

using namespace std::chrono;

constexpr seconds longest_wait = hours(24);
constexpr seconds oldest_answer = hours(24);

std::optional<int> number(std::string_view text) {
  int value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc() || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

std::optional<unsigned> month_number(std::string_view text) {
  constexpr std::array<std::string_view, 12> names = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto* const found = std::find(names.begin(), names.end(), text);
  if (found == names.end()) return std::nullopt;
  return static_cast<unsigned>(found - names.begin()) + 1;
}

std::optional<seconds> time_of_day(std::string_view text) {
  if (text.size() != 8 || text[2] != ':' || text[5] != ':') return std::nullopt;
  const auto h = number(text.substr(0, 2));
  const auto m = number(text.substr(3, 2));
  const auto s = number(text.substr(6, 2));
  if (!h || !m || !s || *h > 23 || *m > 59 || *s > 60) return std::nullopt;
  return hours(*h) + minutes(*m) + seconds(*s);
}

std::vector<std::string_view> words(std::string_view text) {
  std::vector<std::string_view> out;
  while (true) {
    const auto from = text.find_first_not_of(" ,-");
    if (from == std::string_view::npos) return out;
    const auto to = std::min(text.find_first_of(" ,-", from), text.size());
    out.push_back(text.substr(from, to - from));
    text.remove_prefix(to);
  }
}

int full_year(int two_digits, utc_time now) {
  const int this_year = static_cast<int>(year_month_day(floor<days>(now)).year());
  const int in_century = this_year - this_year % 100 + two_digits;
  return in_century > this_year + 50 ? in_century - 100 : in_century;
}

/// The fields of a date in one order, whichever form they came in.
struct date_words {
  std::string_view day, month, year, time;
};

std::optional<date_words> arranged(const std::vector<std::string_view>& w) {
  if (w.size() == 6 && w[5] == "GMT") return date_words{w[1], w[2], w[3], w[4]};  // IMF-fixdate, RFC 850
  if (w.size() == 5) return date_words{w[2], w[1], w[4], w[3]};                   // asctime
  return std::nullopt;
}

std::string_view trimmed(std::string_view text) {
  const auto from = text.find_first_not_of(" \t");
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(" \t") - from + 1);
}

}  // namespace

std::optional<utc_time> parse_http_date(std::string_view text, utc_time now) {
  const auto fields = arranged(words(text));
  if (!fields) return std::nullopt;
  const auto d = number(fields->day);
  const auto m = month_number(fields->month);
  const auto y = number(fields->year);
  const auto t = time_of_day(fields->time);
  if (!d || !m || !y || !t) return std::nullopt;
  if (fields->year.size() != 4 && fields->year.size() != 2) return std::nullopt;
  const int full = fields->year.size() == 2 ? full_year(*y, now) : *y;
  const year_month_day date{year(full), month(*m), day(static_cast<unsigned>(*d))};
  if (!date.ok()) return std::nullopt;
  return utc_time(sys_days(date)) + *t;
}

std::optional<utc_time> parse_answer_time(std::string_view date, std::string_view age, utc_time now) {
  const auto said = parse_http_date(trimmed(date), now);
  if (!said) return std::nullopt;
  age = trimmed(age);
  if (age.empty()) return said;
  const auto kept = number(age);
  if (!kept || seconds(*kept) > oldest_answer) return std::nullopt;
  return *said + seconds(*kept);
}

std::optional<seconds> parse_retry_after(std::string_view text, utc_time now) {
  text = trimmed(text);
  if (text.empty()) return std::nullopt;
  if (std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; })) {
    const auto value = number(text);
    return value ? std::min(seconds(*value), longest_wait) : longest_wait;  // more digits than an int holds
  }
  const auto date = parse_http_date(text, now);
  if (!date) return std::nullopt;
  return std::clamp(ceil<seconds>(*date - now), seconds(0), longest_wait);
}

}  // namespace oes
