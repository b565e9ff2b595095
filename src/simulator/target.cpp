#include "simulator/target.hpp"

#include <algorithm>

namespace oes::sim {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string decode(std::string_view text, bool plus_is_blank) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
    const int low = high >= 0 ? hex_digit(text[i + 2]) : -1;
    if (low >= 0) {
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      out += plus_is_blank && text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

}  // namespace

std::vector<std::string> target::all(std::string_view key) const {
  std::vector<std::string> values;
  for (const auto& [name, value] : parameters) {
    if (name == key) values.push_back(value);
  }
  return values;
}

std::optional<std::string> target::last(std::string_view key) const {
  auto values = all(key);
  if (values.empty()) return std::nullopt;
  return std::move(values.back());
}

target parse_target(std::string_view text) {
  target result;
  const auto question = std::min(text.find('?'), text.size());
  result.path = decode(text.substr(0, question), false);
  auto rest = text.substr(std::min(question + 1, text.size()));
  result.raw_query = std::string(rest);
  while (!rest.empty()) {
    const auto end = std::min(rest.find('&'), rest.size());
    const auto pair = rest.substr(0, end);
    const auto equals = std::min(pair.find('='), pair.size());
    if (!pair.empty()) {
      result.parameters.emplace_back(decode(pair.substr(0, equals), true),
                                     decode(pair.substr(std::min(equals + 1, pair.size())), true));
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return result;
}

}  // namespace oes::sim
