#include "model/redactor.hpp"

#include <algorithm>
#include <unordered_set>

namespace oes {
namespace {

constexpr std::size_t shortest_secret = 8;
// Of a secret that was cut: so much of it in a row is no accident.
constexpr std::size_t telling_part = 8;

unsigned value_of(char byte) { return static_cast<unsigned char>(byte); }

std::string hex(char byte, std::string_view digits) {
  return {digits[value_of(byte) >> 4U], digits[value_of(byte) & 0xFU]};
}

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

constexpr std::string_view lower_digits = "0123456789abcdef";
constexpr std::string_view upper_digits = "0123456789ABCDEF";

enum class which { all, reserved };

std::string percent_encoded(std::string_view secret, which characters, std::string_view digits) {
  std::string out;
  for (const char c : secret) {
    if (characters == which::reserved && is_unreserved(c)) {
      out += c;
    } else {
      out += '%' + hex(c, digits);
    }
  }
  return out;
}

std::string json_unicode(std::string_view secret, std::string_view digits) {
  std::string out;
  for (const char c : secret) out += "\\u00" + hex(c, digits);
  return out;
}

std::string json_escaped(std::string_view secret, std::string_view escaped) {
  std::string out;
  for (const char c : secret) {
    if (escaped.find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

// The characters that do not depend on what stands before (`offset` bytes of a group of three) or after.
std::string base64_core(std::string_view secret, std::size_t offset, std::string_view last_two) {
  static constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  const std::string bytes = std::string(offset, '\0') + std::string(secret);
  std::string out;
  for (std::size_t bit = 0; bit + 6 <= bytes.size() * 8; bit += 6) {
    const unsigned high = value_of(bytes[bit / 8]);
    const unsigned low = bit / 8 + 1 < bytes.size() ? value_of(bytes[bit / 8 + 1]) : 0;
    const unsigned six = (high << 8U | low) >> (10 - bit % 8) & 0x3FU;
    out += six < letters.size() ? letters[six] : last_two[six - letters.size()];
  }
  const std::size_t foreign = (offset * 8 + 5) / 6;
  return out.substr(std::min(out.size(), foreign));
}

// Notes in `hidden` every byte of `text` that belongs to a part of `secret` of at least `least` bytes.
void find_parts(std::string_view text, std::string_view secret, std::size_t least, std::vector<bool>& hidden) {
  if (text.size() < least) return;
  std::unordered_set<std::string_view> parts;
  for (std::size_t i = 0; i + least <= secret.size(); ++i) parts.insert(secret.substr(i, least));
  for (std::size_t at = 0; at + least <= text.size(); ++at) {
    if (parts.contains(text.substr(at, least)))
      std::fill_n(hidden.begin() + static_cast<std::ptrdiff_t>(at), least, true);
  }
}

}  // namespace

redactor::redactor(const std::vector<std::string>& secrets, finds what) : finds_(what) {
  for (const auto& secret : secrets) add(secret);
}

void redactor::add(std::string_view secret) {
  if (secret.size() < shortest_secret) return;
  add_form(std::string(secret), telling_part);
  for (const auto digits : {lower_digits, upper_digits}) {
    add_form(percent_encoded(secret, which::all, digits), 3 * telling_part);
    add_form(percent_encoded(secret, which::reserved, digits), telling_part);
    add_form(json_unicode(secret, digits), 6 * telling_part);
  }
  for (const auto* escaped : {"/\"\\", "\"\\"}) add_form(json_escaped(secret, escaped), telling_part);
  for (std::size_t offset = 0; offset < 3; ++offset) {
    for (const auto* last_two : {"+/", "-_"}) add_form(base64_core(secret, offset, last_two), telling_part);
  }
}

void redactor::add_form(std::string text, std::size_t least) {
  if (finds_ == finds::whole) least = text.size();
  const bool known = std::any_of(forms_.begin(), forms_.end(),
                                 [&](const form& one) { return one.text.find(text) != std::string::npos; });
  if (known || text.size() < least) return;
  forms_.push_back({std::move(text), least});
}

std::string redactor::clean(std::string text, std::string_view mark) const {
  // All forms are looked for in the text as it came: what one of them takes out may be half of another.
  std::vector<bool> hidden(text.size());
  for (const auto& one : forms_) find_parts(text, one.text, one.least, hidden);
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!hidden[i]) {
      out += text[i];
    } else if (i == 0 || !hidden[i - 1]) {
      out += mark;
    }
  }
  return out;
}

}  // namespace oes
