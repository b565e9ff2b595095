#pragma once
// Texts as they are written into record values (JSON) and keys.
#include <string>
#include <string_view>

namespace oes {

/// `"text"` with JSON's escapes.
void append_json_string(std::string& to, std::string_view text);
/// `,"name":"text"`
void append_json_member(std::string& to, std::string_view name, std::string_view text);
/// Percent-encodes `|`, `,`, `=`, `%` and control bytes (records.md §2).
void append_key_part(std::string& to, std::string_view text);

}  // namespace oes
