#include "progress/progress_key.hpp"

namespace oes {
namespace {

constexpr std::string_view hex = "0123456789ABCDEF";

bool must_encode(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return c == '|' || c == '%' || byte < 0x20 || byte == 0x7f;
}

std::optional<std::string> decode(std::string_view name) {
  std::string out;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] != '%') {
      out += name[i];
      continue;
    }
    if (i + 2 >= name.size()) return std::nullopt;
    const auto high = hex.find(name[i + 1]);
    const auto low = hex.find(name[i + 2]);
    if (high == std::string_view::npos || low == std::string_view::npos) return std::nullopt;
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

}  // namespace

std::string join_key(std::string_view kind, const std::vector<std::string_view>& names) {
  std::string out(kind);
  for (const auto name : names) {
    out += '|';
    for (const char c : name) {
      if (!must_encode(c)) {
        out += c;
        continue;
      }
      const auto byte = static_cast<unsigned char>(c);
      out.append({'%', hex[byte >> 4U], hex[byte & 15U]});
    }
  }
  return out;
}

std::optional<std::vector<std::string>> split_key(std::string_view key) {
  if (key.empty()) return std::nullopt;
  std::vector<std::string> out;
  for (;;) {
    const auto bar = key.find('|');
    const auto part = decode(key.substr(0, bar));
    if (!part) return std::nullopt;
    out.push_back(*part);
    if (bar == std::string_view::npos) return out;
    key.remove_prefix(bar + 1);
  }
}

}  // namespace oes
