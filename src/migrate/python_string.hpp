#pragma once
// What a string of Python or JSON says. Pure.
#include <string>
#include <string_view>

#include "model/error.hpp"

namespace oes {

/// `literal`: with its prefix and quotes. malformed: an escape in it is cut off; never with what it holds.
result<std::string> string_of(std::string_view literal);

/// Whether it is an f-string with something in braces, which only Python can tell.
bool has_expressions(std::string_view literal);

}  // namespace oes
