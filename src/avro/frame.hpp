#pragma once
// The frame that a schema registry's clients put before a value: a zero byte, the id of the writer's schema, the value.
#include <cstdint>
#include <optional>
#include <string_view>

namespace oes::avro {

struct framed {
  std::int32_t schema_id = 0;
  std::string_view body;
};

/// nullopt: no frame, as in all JSON.
inline std::optional<framed> split_frame(std::string_view value) {
  constexpr std::size_t size = 5;
  if (value.size() < size || value.front() != '\0') return std::nullopt;
  std::uint32_t id = 0;
  for (std::size_t i = 1; i < size; ++i) id = (id << 8U) | static_cast<unsigned char>(value[i]);
  return framed{static_cast<std::int32_t>(id), value.substr(size)};
}

}  // namespace oes::avro
