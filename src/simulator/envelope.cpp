#include "simulator/envelope.hpp"

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
