#pragma once
// Which texts of an answer may go into keys and records.
#include <string_view>

namespace oes {

/// Short enough for a record key, and UTF-8 (RapidJSON has checked that, but lets `\uDC00` through).
inline bool may_be_kept(std::string_view text) {
  constexpr std::size_t longest = 256;
  if (text.size() > longest) return false;
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    if (text[i] == '\xED' && static_cast<unsigned char>(text[i + 1]) >= 0xA0) return false;
  }
  return true;
}

}  // namespace oes
