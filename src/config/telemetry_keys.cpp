// http.*, log.*
#include "config/key_rows.hpp"
#include "config/quantity.hpp"
#include "config/text_checks.hpp"

namespace oes {

using namespace key_value;

namespace {

void store_listen(target& c, const setting_value& v) {
  const auto colon = text(v).rfind(':');
  c.telemetry.http_port = static_cast<std::uint16_t>(parse_integer(text(v).substr(colon + 1)).value_or(0));
  c.telemetry.http_address = text(v).substr(0, colon);
  if (c.telemetry.http_address.starts_with('[')) {
    c.telemetry.http_address = c.telemetry.http_address.substr(1, c.telemetry.http_address.size() - 2);
  }
  if (c.telemetry.http_address == "localhost") c.telemetry.http_address = "127.0.0.1";
}

}  // namespace

void add_telemetry_rows(daemon_rows& rows) {
  rows.push_back({{"http.enabled", kind::flag, "true", "Serve the status page, health and Prometheus metrics."},
                  [](target& c, const setting_value& v) { c.telemetry.http_enabled = as<bool>(v); }});
  rows.push_back({{"http.listen",
                   kind::text,
                   "127.0.0.1:9464",
                   "Address and port to serve them on.",
                   {.env = {"OPENELECTRICITY_STREAM_HTTP_LISTEN"}, .check = check_listen_address}},
                  store_listen});
  rows.push_back({{"http.allowed_hosts",
                   kind::text_list,
                   "",
                   "Names by which browsers reach it, beside addresses, localhost and this host's name; * for any.",
                   {.check = check_host_name}},
                  [](target& c, const setting_value& v) { c.telemetry.http_hosts = as<std::vector<std::string>>(v); }});
  rows.push_back(
      {{"log.level",
        kind::choice,
        "info",
        "Least important level that is logged.",
        {.env = {"OPENELECTRICITY_STREAM_LOG_LEVEL"}, .choices = {"trace", "debug", "info", "warn", "error"}}},
       [](target& c, const setting_value& v) { c.telemetry.log_level = text(v); }});
  rows.push_back({{"log.format",
                   kind::choice,
                   "text",
                   "text for people, json for machines; one line an event.",
                   {.env = {"OPENELECTRICITY_STREAM_LOG_FORMAT"}, .choices = {"text", "json"}}},
                  [](target& c, const setting_value& v) { c.telemetry.log_format = text(v); }});
}

}  // namespace oes
