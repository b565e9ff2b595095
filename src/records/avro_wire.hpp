#pragma once
// The bytes of Avro's binary encoding (Avro 1.11 specification, "Binary encoding"), and the frame that a schema
// registry's clients put before it.
#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace oes::avro {

inline constexpr char no_value = 0;  ///< branch 0 of ["null", …]
inline constexpr char a_value = 2;   ///< branch 1
inline constexpr std::size_t longest_long = 10;

inline char* put_long(char* at, std::int64_t number) {
  auto zigzag = (static_cast<std::uint64_t>(number) << 1U) ^ static_cast<std::uint64_t>(number >> 63U);
  for (; zigzag > 0x7F; zigzag >>= 7U) *at++ = static_cast<char>((zigzag & 0x7FU) | 0x80U);
  *at++ = static_cast<char>(zigzag);
  return at;
}

inline char* put_double(char* at, double number) {
  auto bits = std::bit_cast<std::uint64_t>(number);
  if constexpr (std::endian::native == std::endian::big) bits = __builtin_bswap64(bits);
  std::memcpy(at, &bits, sizeof bits);
  return at + sizeof bits;
}

inline void append_long(std::string& to, std::int64_t number) {
  char digits[longest_long];
  to.append(digits, put_long(digits, number));
}

inline void append_text(std::string& to, std::string_view text) {
  append_long(to, static_cast<std::int64_t>(text.size()));
  to.append(text);
}

/// A zero byte and the id of the writer's schema, big endian.
inline std::string frame_of(std::int32_t schema_id) {
  std::string out(1, '\0');
  const auto id = static_cast<std::uint32_t>(schema_id);
  for (const unsigned shift : {24U, 16U, 8U, 0U}) out += static_cast<char>((id >> shift) & 0xFFU);
  return out;
}

}  // namespace oes::avro
