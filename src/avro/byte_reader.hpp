#pragma once
// Internal to avro/: the values of Avro's binary encoding, taken from the front. Nothing is read beyond the end: what
// cannot be read is nullopt.
#include <bit>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

namespace oes::avro {

class byte_reader {
 public:
  explicit byte_reader(std::string_view bytes) : left_(bytes) {}

  std::optional<std::int64_t> take_long() {
    std::uint64_t zigzag = 0;
    for (unsigned shift = 0; shift < 64 && !left_.empty(); shift += 7) {
      const auto byte = static_cast<unsigned char>(left_.front());
      left_.remove_prefix(1);
      zigzag |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
      if (byte < 0x80) return static_cast<std::int64_t>(zigzag >> 1U) ^ -static_cast<std::int64_t>(zigzag & 1U);
    }
    return std::nullopt;
  }
  std::optional<std::string_view> take(std::int64_t size) {
    if (size < 0 || static_cast<std::uint64_t>(size) > left_.size()) return std::nullopt;
    const auto out = left_.substr(0, static_cast<std::size_t>(size));
    left_.remove_prefix(out.size());
    return out;
  }
  std::optional<std::string_view> take_text() {
    const auto size = take_long();
    return size ? take(*size) : std::nullopt;
  }
  std::optional<double> take_double() { return take_number<double, std::uint64_t>(); }
  std::optional<double> take_float() { return take_number<float, std::uint32_t>(); }
  std::optional<bool> take_bool() {
    const auto byte = take(1);
    if (!byte || static_cast<unsigned char>(byte->front()) > 1) return std::nullopt;
    return byte->front() == 1;
  }
  [[nodiscard]] bool is_empty() const { return left_.empty(); }
  [[nodiscard]] std::size_t left() const { return left_.size(); }

 private:
  template <class Number, class Bits>
  std::optional<double> take_number() {
    const auto bytes = take(sizeof(Bits));
    if (!bytes) return std::nullopt;
    Bits bits = 0;
    for (std::size_t i = sizeof bits; i > 0; --i) {
      bits = static_cast<Bits>(bits << 8U) | static_cast<unsigned char>((*bytes)[i - 1]);
    }
    return std::bit_cast<Number>(bits);
  }

  std::string_view left_;
};

}  // namespace oes::avro
