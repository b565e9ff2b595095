#pragma once
// SHA-256 of a text, as lower-case hex.
#include <string>
#include <string_view>

namespace oes {

std::string sha256_hex(std::string_view text);

}  // namespace oes
