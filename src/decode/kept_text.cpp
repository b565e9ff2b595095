#include "decode/kept_text.hpp"

#include <algorithm>

namespace oes {
namespace {

constexpr std::size_t longest_kept = 256;

unsigned byte(char c) { return static_cast<unsigned char>(c); }
bool continues(char c) { return (byte(c) & 0xC0U) == 0x80U; }

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
  switch (lead) {
    case 0xE0U:
      return second >= 0xA0U;
    case 0xEDU:
      return second <= 0x9FU;
    case 0xF0U:
      return second >= 0x90U;
    case 0xF4U:
      return second <= 0x8FU;
    default:
      return true;
  }
}

}  // namespace

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const auto size = sequence_size(byte(text[0]));
    if (size == 0 || size > text.size()) return false;
    const auto rest = text.substr(1, size - 1);
    if (!std::all_of(rest.begin(), rest.end(), continues)) return false;
    if (size > 1 && !second_is_allowed(byte(text[0]), byte(text[1]))) return false;
    text.remove_prefix(size);
  }
  return true;
}

bool may_be_kept(std::string_view text) { return text.size() <= longest_kept && is_utf8(text); }

}  // namespace oes
