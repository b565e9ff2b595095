#include "records/json_text.hpp"

namespace oes {
namespace {

constexpr std::string_view hex_digits = "0123456789ABCDEF";

char high_digit(char c) { return hex_digits[static_cast<unsigned char>(c) >> 4U]; }
char low_digit(char c) { return hex_digits[static_cast<unsigned char>(c) & 15U]; }
bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7F'; }

}  // namespace

void append_json_string(std::string& to, std::string_view text) {
  to += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      to += '\\';
      to += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      to += "\\u00";
      to += high_digit(c);
      to += low_digit(c);
    } else {
      to += c;
    }
  }
  to += '"';
}

void append_json_member(std::string& to, std::string_view name, std::string_view text) {
  to += ',';
  append_json_string(to, name);
  to += ':';
  append_json_string(to, text);
}

void append_key_part(std::string& to, std::string_view text) {
  for (const char c : text) {
    if (c == '|' || c == ',' || c == '=' || c == '%' || is_control(c)) {
      to += '%';
      to += high_digit(c);
      to += low_digit(c);
    } else {
      to += c;
    }
  }
}

}  // namespace oes
