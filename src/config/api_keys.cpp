// api.*, budget.*
#include "config/key_rows.hpp"
#include "config/text_checks.hpp"

namespace oes {

using namespace key_value;

void add_api_rows(daemon_rows& rows) {
  rows.push_back({{"api.api_key",
                   kind::secret,
                   "",
                   "Key of the OpenElectricity API. Without one network data is served with COMMUNITY limits.",
                   {.env = {"OPENELECTRICITY_API_KEY"}, .check = check_api_key}},
                  [](target& c, const setting_value& v) { c.fetch.api_key = text(v); }});
  rows.push_back({{"api.api_key_file", kind::secret_file, "",
                   "File that holds the key; instead of api.api_key. Read again when the key is refused."},
                  [](target& c, const setting_value& v) { c.fetch.api_key_file = text(v); }});
  rows.push_back({{"api.base_url",
                   kind::text,
                   "https://api.openelectricity.org.au/v4",
                   "The API's address. https://; http:// for this machine only.",
                   {.env = {"OPENELECTRICITY_API_URL"}, .check = check_base_url}},
                  [](target& c, const setting_value& v) { c.fetch.base_url = without_trailing_slash(text(v)); }});
  rows.push_back({{"api.ca_file", kind::file, "",
                   "PEM file of trusted certificates for the API; unset: the system's trust store."},
                  [](target& c, const setting_value& v) { c.fetch.ca_file = text(v); }});
  rows.push_back(
      {{"api.proxy",
        kind::proxy_url,
        "",
        "HTTP proxy by which the API is reached, http://user:password@host:port; none: without one, whatever "
        "the environment says.",
        {.env = {"HTTPS_PROXY", "https_proxy"}, .check = check_proxy}},
       [](target& c, const setting_value& v) {
         auto read = parse_proxy_address(text(v));
         if (read && text(v) != "none") c.fetch.proxy = std::move(*read);
       }});
  rows.push_back({{"api.connect_timeout",
                   kind::duration,
                   "10s",
                   "Longest wait for name, connection, proxy and TLS.",
                   {.lowest = 100, .highest = 10 * minute}},
                  [](target& c, const setting_value& v) { c.fetch.connect_timeout = span(v); }});
  rows.push_back({{"api.first_byte_timeout",
                   kind::duration,
                   "2m",
                   "Longest wait for an answer to begin. A large one takes 10 s; the server gives up at 90 s.",
                   {.lowest = second, .highest = hour}},
                  [](target& c, const setting_value& v) { c.fetch.first_byte_timeout = span(v); }});
  rows.push_back({{"api.total_timeout",
                   kind::duration,
                   "5m",
                   "Longest time for a whole request and its answer.",
                   {.lowest = second, .highest = hour}},
                  [](target& c, const setting_value& v) { c.fetch.total_timeout = span(v); }});
  rows.push_back({{"api.max_header",
                   kind::size,
                   "64KiB",
                   "Largest header of an answer that is accepted.",
                   {.lowest = kib, .highest = mib}},
                  [](target& c, const setting_value& v) { c.fetch.max_header_bytes = count(v); }});
  rows.push_back({{"api.max_body",
                   kind::size,
                   "64MiB",
                   "Largest body as transferred. 8 days of NEM by region and "
                   "fueltech, 5 metrics, are 25 MB.",
                   {.lowest = 64 * kib, .highest = 4 * gib}},
                  [](target& c, const setting_value& v) { c.fetch.max_body_bytes = count(v); }});
  rows.push_back({{"api.max_inflated_body",
                   kind::size,
                   "64MiB",
                   "Largest body after gzip was undone.",
                   {.lowest = 64 * kib, .highest = 4 * gib}},
                  [](target& c, const setting_value& v) { c.fetch.max_inflated_bytes = count(v); }});
  rows.push_back({{"api.gzip", kind::flag, "true", "Accept gzip: an eighth of the transfer."},
                  [](target& c, const setting_value& v) { c.fetch.gzip = as<bool>(v); }});
}

void add_budget_rows(daemon_rows& rows) {
  rows.push_back({{"budget.plan",
                   kind::choice,
                   "auto",
                   "The key's plan, whose limits apply; auto: asked of the API, COMMUNITY where it does not say.",
                   {.choices = {"auto", "COMMUNITY", "ACADEMIC", "PRO", "ENTERPRISE"}}},
                  [](target& c, const setting_value& v) { c.budget.plan = text(v); }});
  rows.push_back({{"budget.credits_per_day",
                   kind::integer,
                   "",
                   "Credits of a day; overrides the plan's.",
                   {.lowest = 1, .highest = 1e9}},
                  [](target& c, const setting_value& v) { c.budget.credits_per_day = as<std::int64_t>(v); }});
  rows.push_back({{"budget.requests_per_second",
                   kind::number,
                   "",
                   "Requests per second; overrides the plan's.",
                   {.lowest = 0, .highest = 1000, .above_lowest = true}},
                  [](target& c, const setting_value& v) { c.budget.requests_per_second = as<double>(v); }});
  rows.push_back({{"budget.share",
                   kind::number,
                   "0.9",
                   "Share of the day's credits that the daemon may spend; the rest is left to others of the key.",
                   {.lowest = 0, .highest = 1, .above_lowest = true}},
                  [](target& c, const setting_value& v) { c.budget.share = as<double>(v); }});
  rows.push_back({{"budget.resets_at", kind::time_of_day, "00:00", "UTC time at which the credit day begins."},
                  [](target& c, const setting_value& v) { c.budget.resets_at = whole(v); }});
}

}  // namespace oes
