#include "model/utf8.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

namespace oes {
namespace {

unsigned byte(char c) { return static_cast<unsigned char>(c); }

// Bytes of the sequence that begins with `lead`; 0: none does.
std::size_t sequence_size(unsigned lead) {
  if (lead < 0x80U) return 1;
  if (lead >= 0xC2U && lead <= 0xDFU) return 2;
  if (lead >= 0xE0U && lead <= 0xEFU) return 3;
  if (lead >= 0xF0U && lead <= 0xF4U) return 4;
  return 0;
}

// Overlong forms, surrogates and what lies past U+10FFFF show in the second byte.
bool second_is_allowed(unsigned lead, unsigned second) {
  if (lead == 0xE0U) return second >= 0xA0U;
  if (lead == 0xEDU) return second <= 0x9FU;
  if (lead == 0xF0U) return second >= 0x90U;
  if (lead == 0xF4U) return second <= 0x8FU;
  return true;
}

std::string with_code(std::string_view what, char32_t code) {
  std::array<char, 16> hex{};
  std::snprintf(hex.data(), hex.size(), " (U+%04X)", static_cast<unsigned>(code));
  return std::string(what) + hex.data();
}

constexpr std::string_view replacement = "\xEF\xBF\xBD";
constexpr std::string_view cut_mark = "...";

std::string escape(char32_t code) {
  if (code == '\n') return "\\n";
  if (code == '\r') return "\\r";
  if (code == '\t') return "\\t";
  std::array<char, 16> out{};
  std::snprintf(out.data(), out.size(), code > 0xFFFF ? "\\U%08x" : "\\u%04x", static_cast<unsigned>(code));
  return out.data();
}

// Appends whole characters as long as they fit; once one does not, the mark in the room that was left for it.
class bounded_text {
 public:
  explicit bounded_text(std::size_t longest) : longest_(longest) {}

  /// false: it is full.
  bool put(std::string_view shown) {
    if (out_.size() + shown.size() > longest_) {
      out_.resize(room_for_mark_);
      out_ += cut_mark.substr(0, longest_ - room_for_mark_);
      return false;
    }
    out_ += shown;
    if (longest_ < cut_mark.size() || out_.size() <= longest_ - cut_mark.size()) room_for_mark_ = out_.size();
    return true;
  }
  [[nodiscard]] bool ends_blank() const { return out_.empty() || out_.back() == ' '; }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
  std::size_t longest_;
  std::size_t room_for_mark_ = 0;  ///< the longest that was, with room for the mark after it
};

std::string shown(const utf8_character& one, std::string_view text) {
  if (one.bytes == 0) return std::string(replacement);
  return is_control(one.code) || is_deceptive(one.code) ? escape(one.code) : std::string(text.substr(0, one.bytes));
}

}  // namespace

utf8_character first_character(std::string_view text) {
  const auto lead = byte(text[0]);
  const auto size = sequence_size(lead);
  if (size == 1) return {lead, 1};
  if (size == 0 || size > text.size() || !second_is_allowed(lead, byte(text[1]))) return {};
  char32_t code = lead & (0xFFU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(text[i]) & 0xC0U) != 0x80U) return {};
    code = code << 6U | (byte(text[i]) & 0x3FU);
  }
  return {code, size};
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const auto first = first_character(text);
    if (first.bytes == 0) return false;
    text.remove_prefix(first.bytes);
  }
  return true;
}

std::string valid_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto first = first_character(text);
    out += first.bytes == 0 ? replacement : text.substr(0, first.bytes);
    text.remove_prefix(std::max<std::size_t>(1, first.bytes));
  }
  return out;
}

bool is_control(char32_t code) { return code < 0x20 || (code >= 0x7F && code <= 0x9F); }

bool is_deceptive(char32_t code) {
  static constexpr std::pair<char32_t, char32_t> ranges[] = {
      {0x00AD, 0x00AD}, {0x061C, 0x061C}, {0x180E, 0x180E}, {0x200B, 0x200F},   {0x2028, 0x202E},
      {0x2060, 0x206F}, {0xFEFF, 0xFEFF}, {0xFFF9, 0xFFFB}, {0xE0000, 0xE007F},
  };
  return std::any_of(std::begin(ranges), std::end(ranges),
                     [code](const auto& range) { return code >= range.first && code <= range.second; });
}

std::optional<std::string> fault_of_label(std::string_view text) {
  while (!text.empty()) {
    const auto first = first_character(text);
    if (first.bytes == 0) return "is not UTF-8";
    if (is_control(first.code)) return with_code("holds a control character", first.code);
    text.remove_prefix(first.bytes);
  }
  return std::nullopt;
}

std::optional<std::string> fault_of_text(std::string_view text) {
  if (auto fault = fault_of_label(text)) return fault;
  while (!text.empty()) {
    const auto first = first_character(text);
    if (is_deceptive(first.code)) return with_code("holds an invisible or direction character", first.code);
    text.remove_prefix(first.bytes);
  }
  return std::nullopt;
}

std::string ascii_lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

std::string printable(std::string_view text, std::size_t longest) {
  bounded_text out(longest);
  while (!text.empty()) {
    const auto first = first_character(text);
    if (!out.put(shown(first, text))) break;
    text.remove_prefix(std::max<std::size_t>(1, first.bytes));
  }
  return out.take();
}

std::string one_line(std::string_view text, std::size_t longest) {
  bounded_text out(longest);
  while (!text.empty()) {
    const auto first = first_character(text);
    const bool blank = first.bytes == 1 && (first.code <= 0x20 || first.code == 0x7F);
    if (blank ? !out.ends_blank() && !out.put(" ") : !out.put(shown(first, text))) break;
    text.remove_prefix(std::max<std::size_t>(1, first.bytes));
  }
  auto line = out.take();
  while (line.ends_with(' ')) line.pop_back();
  return line;
}

}  // namespace oes
