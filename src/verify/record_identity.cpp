#include "verify/record_identity.hpp"

#include <charconv>
#include <vector>

namespace oes {
namespace {

std::vector<std::string_view> parts_of_key(std::string_view text) {
  std::vector<std::string_view> parts;
  while (true) {
    const auto end = text.find('|');
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

// Keys write `*` and others as `%2A`.
std::string unescaped(std::string_view part) {
  std::string out;
  for (std::size_t i = 0; i < part.size(); ++i) {
    int byte = 0;
    const auto hex = part.substr(i + 1, 2);
    const bool escaped = part[i] == '%' && hex.size() == 2 &&
                         std::from_chars(hex.data(), hex.data() + 2, byte, 16).ptr == hex.data() + 2;
    out += escaped ? static_cast<char>(byte) : part[i];
    if (escaped) i += 2;
  }
  return out;
}

}  // namespace

std::optional<record_identity> identity_of_record(std::string_view key, std::string_view grouping) {
  const auto parts = parts_of_key(key);
  if (parts.size() < 5 || parts[0] != "v1") return std::nullopt;
  return record_identity{std::string(parts[1]), std::string(parts[2]), unescaped(parts[3]), std::string(grouping)};
}

record_identity identity_of_series(const group_identity& group, std::string_view metric) {
  return {std::string(code(group.net)), std::string(code(group.interval)), std::string(metric), grouping_name(group)};
}

std::optional<record_identity> identity_of_series(std::string_view canonical, std::string_view metric) {
  const auto parts = parts_of_key(canonical);
  if (parts.size() < 4) return std::nullopt;
  return record_identity{std::string(parts[1]), std::string(parts[2]), std::string(metric), std::string(parts[3])};
}

}  // namespace oes
