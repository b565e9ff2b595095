#pragma once
// Writing JSON as the API's server does: compact, UTF-8 as it is.
#include <string>
#include <string_view>
#include <vector>

namespace oes::sim {

/// Appends `text` quoted and escaped.
void append_json_string(std::string& out, std::string_view text);
std::string json_string(std::string_view text);
/// `["a","b"]`
std::string json_strings(const std::vector<std::string>& all);

}  // namespace oes::sim
