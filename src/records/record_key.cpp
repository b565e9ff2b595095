#include "records/record_key.hpp"

#include "records/json_text.hpp"

namespace oes {

std::string key_without_interval(const metric_block& block, const series_labels& labels,
                                 const record_options& options) {
  std::string key("v1|");
  key.append(code(options.identity.net)).append("|").append(code(options.identity.interval)).append("|");
  append_key_part(key, block.metric);
  key += '|';
  std::string_view separator;
  for (const auto& [name, value] : labels) {
    key += separator;
    append_key_part(key, name);
    key += '=';
    append_key_part(key, value);
    separator = ",";
  }
  // The interval follows; a key per series has none.
  if (options.key == record_key_policy::point) key += '|';
  return key;
}

}  // namespace oes
