#include "migrate/replaced_options.hpp"

#include <algorithm>

#include "model/utf8.hpp"

namespace oes {

const std::vector<std::string>& replaced_options() {
  static const std::vector<std::string> names{
      "api_key",          "base_url",      "network_code",      "metrics",    "interval",
      "batch_size_hours", "progress_path", "primary_grouping",  "start_time", "start_hours_ago",
      "reset_progress",   "end_time",      "secondary_grouping"};
  return names;
}

bool is_replaced_option(std::string_view name) {
  const auto& known = replaced_options();
  return std::find(known.begin(), known.end(), ascii_lower(name)) != known.end();
}

bool names_replaced_option(const python_literal& dict) {
  using kind = python_literal::kind;
  return dict.is == kind::dict && std::any_of(dict.keys.begin(), dict.keys.end(), [](const python_literal& key) {
           return key.is == kind::text && is_replaced_option(key.text);
         });
}

}  // namespace oes
