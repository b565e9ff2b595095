#include "simulator/datetime_parameter.hpp"

#include <algorithm>
#include <chrono>
#include <optional>

namespace oes::sim {
namespace {

constexpr std::string_view extra = "unexpected extra characters at the end of the input";

std::optional<int> digits(std::string_view text) {
  int value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

bool is_number(std::string_view text) {
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
}

std::variant<network_time, not_a_datetime> parse_date(std::string_view text) {
  if (text.size() < 10) return not_a_datetime{"input is too short"};
  const auto year = digits(text.substr(0, 4));
  if (!year) return not_a_datetime{"invalid character in year"};
  if (text[4] != '-' || text[7] != '-') return not_a_datetime{"invalid date separator, expected `-`"};
  const auto month = digits(text.substr(5, 2));
  if (!month) return not_a_datetime{"invalid character in month"};
  const auto day = digits(text.substr(8, 2));
  if (!day) return not_a_datetime{"invalid character in day"};
  if (*month < 1 || *month > 12) return not_a_datetime{"month value is outside expected range of 1-12"};
  const auto date = std::chrono::year(*year) / *month / *day;
  if (!date.ok()) return not_a_datetime{"day value is outside expected range"};
  return network_time(std::chrono::local_days(date));
}

bool take_fraction(std::string_view& rest) {
  if (rest.empty() || (rest.front() != '.' && rest.front() != ',')) return true;
  rest.remove_prefix(1);
  const auto end = std::min(rest.find_first_not_of("0123456789"), rest.size());
  rest.remove_prefix(end);
  return end >= 1;
}

// The offset itself is of no account: any makes the date aware.
bool is_offset(std::string_view text) {
  if (text == "Z" || text == "z") return true;
  if (text.empty() || (text.front() != '+' && text.front() != '-')) return false;
  text.remove_prefix(1);
  if (text.size() == 5 && text[2] == ':') return digits(text.substr(0, 2)) && digits(text.substr(3));
  return (text.size() == 4 || text.size() == 2) && digits(text);
}

}  // namespace

datetime_parameter parse_datetime_parameter(std::string_view text) {
  if (is_number(text)) return aware_datetime{};
  const auto date = parse_date(text);
  if (const auto* fault = std::get_if<not_a_datetime>(&date)) return *fault;
  const auto midnight = std::get<network_time>(date);
  auto rest = text.substr(10);
  if (rest.empty()) return midnight;
  if (std::string_view("Tt _").find(rest.front()) == std::string_view::npos || rest.size() < 6 || rest[3] != ':') {
    return not_a_datetime{extra};
  }
  const auto hour = digits(rest.substr(1, 2));
  const auto minute = digits(rest.substr(4, 2));
  if (!hour || !minute || *hour > 23 || *minute > 59) return not_a_datetime{extra};
  rest.remove_prefix(6);
  auto result = midnight + std::chrono::hours(*hour) + std::chrono::minutes(*minute);
  if (rest.size() >= 3 && rest.front() == ':') {
    const auto second = digits(rest.substr(1, 2));
    if (!second || *second > 59) return not_a_datetime{extra};
    result += std::chrono::seconds(*second);
    rest.remove_prefix(3);
    if (!take_fraction(rest)) return not_a_datetime{extra};
  }
  if (rest.empty()) return result;
  if (is_offset(rest)) return aware_datetime{};
  return not_a_datetime{extra};
}

}  // namespace oes::sim
