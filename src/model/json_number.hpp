#pragma once
// Whether a text is a number as JSON writes it (RFC 8259 §6).
#include <string_view>

namespace oes {

bool is_json_number(std::string_view text);

}  // namespace oes
