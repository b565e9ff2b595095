#pragma once
// What surrounds every answer: the server's version and clock, and its error form.
#include <string>
#include <string_view>

#include "model/time.hpp"

namespace oes::sim {

constexpr std::string_view server_version = "4.5.11";

/// Sydney's local time with its daylight-saving offset, which is what `created_at` shows.
std::string sydney_time(utc_time now);
/// As in a Date header: `Mon, 23 Nov 2026 10:05:00 GMT`.
std::string http_date(utc_time now);
/// `{"version":…,"response_status":"ERROR","error":…,"success":false}`
std::string error_body(std::string_view text);
/// `{"version":…,"created_at":…,"success":true,"data":`
std::string envelope_start(utc_time now);

}  // namespace oes::sim
