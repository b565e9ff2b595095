#pragma once
// Internal to progress/: keys of the progress topic, `kind|name|name`.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace oes {

std::string join_key(std::string_view kind, const std::vector<std::string_view>& names);
/// Kind first, then the names, decoded. nullopt: a broken percent escape or an empty key.
std::optional<std::vector<std::string>> split_key(std::string_view key);

}  // namespace oes
