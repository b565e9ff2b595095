// schema_registry.*
#include "config/key_rows.hpp"
#include "config/text_checks.hpp"

namespace oes {

using namespace key_value;

void add_registry_rows(daemon_rows& rows) {
  rows.push_back({{"schema_registry.url",
                   kind::text,
                   "",
                   "Schema registry of Avro topics, by Confluent's API, https://host/path; http:// without a password "
                   "only, or on this machine.",
                   {.env = {"SCHEMA_REGISTRY_URL"}, .check = check_registry_url}},
                  [](target& c, const setting_value& v) { c.registry.url = without_trailing_slash(text(v)); }});
  rows.push_back({{"schema_registry.username", kind::text, "", "Name to log in with (basic authentication)."},
                  [](target& c, const setting_value& v) { c.registry.username = text(v); }});
  rows.push_back({{"schema_registry.password", kind::secret, "", "Password of that name."},
                  [](target& c, const setting_value& v) { c.registry.password = text(v); }});
  rows.push_back({{"schema_registry.password_file", kind::secret_file, "",
                   "File that holds the password; instead of schema_registry.password."},
                  [](target&, const setting_value&) {}});
  rows.push_back({{"schema_registry.ca_file", kind::file, "",
                   "PEM file of trusted certificates for the registry; unset: the system's trust store."},
                  [](target& c, const setting_value& v) { c.registry.ca_file = text(v); }});
  rows.push_back({{"schema_registry.auto_register", kind::flag, "true",
                   "Register the schemas where they are not; false: they must be there."},
                  [](target& c, const setting_value& v) { c.registry.auto_register = as<bool>(v); }});
  rows.push_back({{"schema_registry.timeout",
                   kind::duration,
                   "10s",
                   "Longest wait for an answer of the registry.",
                   {.lowest = 100, .highest = 2 * minute}},
                  [](target& c, const setting_value& v) { c.registry.timeout = span(v); }});
}

}  // namespace oes
