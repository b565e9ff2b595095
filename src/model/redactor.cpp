#include "model/redactor.hpp"

#include <algorithm>
#include <unordered_map>

namespace oes {
namespace {

constexpr std::size_t shortest_secret = 8;
// Of a secret that was cut: so much of it in a row is no accident.
constexpr std::size_t telling_part = 8;

unsigned byte(char c) { return static_cast<unsigned char>(c); }

std::string hex(unsigned value, std::string_view digits) {
  return {digits[value >> 4U & 0xFU], digits[value & 0xFU]};
}

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
         c == '~';
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
      out += '%' + hex(byte(c), digits);
    }
  }
  return out;
}

std::string json_unicode(std::string_view secret, std::string_view digits) {
  std::string out;
  for (const char c : secret) out += "\\u00" + hex(byte(c), digits);
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

// The characters that do not depend on what stands before (`offset` bytes of a group of three) or behind.
std::string base64_core(std::string_view secret, std::size_t offset, std::string_view last_two) {
  static constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  const std::string bytes = std::string(offset, '\0') + std::string(secret);
  std::string out;
  for (std::size_t bit = 0; bit + 6 <= bytes.size() * 8; bit += 6) {
    const unsigned high = byte(bytes[bit / 8]);
    const unsigned low = bit / 8 + 1 < bytes.size() ? byte(bytes[bit / 8 + 1]) : 0;
    const unsigned six = (high << 8U | low) >> (10 - bit % 8) & 0x3FU;
    out += six < letters.size() ? letters[six] : last_two[six - letters.size()];
  }
  const std::size_t foreign = (offset * 8 + 5) / 6;
  return out.substr(std::min(out.size(), foreign));
}

// Every stretch of `text` that is a part of `secret` of at least `least` bytes becomes `mark`.
std::string without(const std::string& text, const std::string& secret, std::size_t least, std::string_view mark) {
  if (text.size() < least) return text;
  std::unordered_map<std::string_view, std::size_t> parts;  // the first place of each part
  const std::string_view whole(secret);
  for (std::size_t i = 0; i + least <= whole.size(); ++i) parts.try_emplace(whole.substr(i, least), i);
  std::string out;
  const std::string_view all(text);
  std::size_t at = 0;
  while (at < all.size()) {
    const auto found = at + least <= all.size() ? parts.find(all.substr(at, least)) : parts.end();
    if (found == parts.end()) {
      out += all[at++];
      continue;
    }
    auto in_secret = found->second + least;
    at += least;
    while (at < all.size() && in_secret < whole.size() && all[at] == whole[in_secret]) ++at, ++in_secret;
    if (!out.ends_with(mark)) out += mark;
  }
  return out;
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
  const bool known =
      std::any_of(forms_.begin(), forms_.end(), [&](const form& one) { return one.text.find(text) != std::string::npos; });
  if (known || text.size() < least) return;
  // The longest first: of an escaped text the plain form would take out pieces, and what is left is found by none.
  const auto place = std::find_if(forms_.begin(), forms_.end(),
                                  [&](const form& one) { return one.text.size() < text.size(); });
  forms_.insert(place, {std::move(text), least});
}

std::string redactor::clean(std::string text, std::string_view mark) const {
  for (const auto& one : forms_) text = without(text, one.text, one.least, mark);
  return text;
}

}  // namespace oes
