#pragma once
// Internal to registry/: base64 (RFC 4648 §4), as basic authentication wants it.
#include <cstdint>
#include <string>
#include <string_view>

namespace oes {

inline std::string base64(std::string_view bytes) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  std::uint32_t held = 0;
  unsigned bits = 0;
  for (const char c : bytes) {
    held = (held << 8U) | static_cast<unsigned char>(c);
    for (bits += 8; bits >= 6; bits -= 6) out += digits[(held >> (bits - 6)) & 63U];
  }
  if (bits > 0) out += digits[(held << (6 - bits)) & 63U];
  while (out.size() % 4 != 0) out += '=';
  return out;
}

}  // namespace oes
