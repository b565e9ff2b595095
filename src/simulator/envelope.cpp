#include "simulator/envelope.hpp"

#include <array>
#include <cstdio>

#include "simulator/json_text.hpp"

namespace oes::sim {
namespace {

using std::chrono::hours;

// 16:00 UTC on the day before the first Sunday of `month`: 02:00 standard time (03:00 daylight-saving time) in Sydney.
utc_time change_over(std::chrono::year year, int month) {
  const auto first_sunday = std::chrono::sys_days(year / month / std::chrono::Sunday[1]);
  return utc_time(first_sunday) - hours(8);
}

bool daylight_saving(utc_time now) {
  const auto year = std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(now)).year();
  return now < change_over(year, 4) || now >= change_over(year, 10);
}

}  // namespace

std::string sydney_time(utc_time now) {
  const auto offset = hours(daylight_saving(now) ? 11 : 10);
  const auto local = network_time(std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()) + offset);
  return format(local, offset);
}

std::string http_date(utc_time now) {
  constexpr std::array<const char*, 7> weekdays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<const char*, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                               "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(now);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::seconds>(now - day));
  std::array<char, 64> out{};
  std::snprintf(out.data(), out.size(), "%s, %02u %s %04d %02d:%02d:%02d GMT",
                weekdays[std::chrono::weekday(day).c_encoding()], static_cast<unsigned>(date.day()),
                months[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                static_cast<int>(time.seconds().count()));
  return out.data();
}

std::string error_body(std::string_view text) {
  std::string out = R"({"version":")" + std::string(server_version) + R"(","response_status":"ERROR","error":)";
  append_json_string(out, text);
  return out + R"(,"success":false})";
}

std::string envelope_start(utc_time now) {
  return R"({"version":")" + std::string(server_version) + R"(","created_at":")" + sydney_time(now) +
         R"(","success":true,"data":)";
}

}  // namespace oes::sim
