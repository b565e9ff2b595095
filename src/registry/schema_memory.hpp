#pragma once
// schemas.json: under which id the registry knew the schema of each topic. What was learnt once is enough to go on
// publishing while the registry is away.
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "model/error.hpp"

namespace oes {

struct remembered_schema {
  std::int32_t id = 0;
  std::string sha256;    ///< of the schema's text
  std::string registry;  ///< its address: another one has other ids
  bool operator==(const remembered_schema&) const = default;
};
/// By topic.
using schema_memory = std::map<std::string, remembered_schema>;

std::string schema_memory_text(const schema_memory& memory);
/// damaged: no such text.
result<schema_memory> parse_schema_memory(std::string_view text);

/// Blocking. Nothing where there is no file.
result<schema_memory> read_schema_memory(const std::string& folder);
result<void> write_schema_memory(const std::string& folder, const schema_memory& memory);

}  // namespace oes
