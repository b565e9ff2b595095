#include "telemetry/text.hpp"

#include <algorithm>
#include <cstddef>

#include "model/utf8.hpp"

namespace oes {

std::string escaped(std::string_view text, quoting where) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto length = std::max<std::size_t>(1, first_character(text).bytes);
    const auto one = text.substr(0, length);
    if (where == quoting::inside_quotes && (one == "\"" || one == "\\")) out += '\\';
    out += printable(one);
    text.remove_prefix(length);
  }
  return out;
}

std::string log_value(std::string_view text) {
  const auto shown = printable(text);
  const bool plain = !text.empty() && shown == text && std::none_of(text.begin(), text.end(), [](char c) {
    return c == ' ' || c == '"' || c == '=' || c == '\\';
  });
  if (plain) return std::string(text);
  return '"' + escaped(text, quoting::inside_quotes) + '"';
}

std::string html_escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : printable(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

}  // namespace oes
