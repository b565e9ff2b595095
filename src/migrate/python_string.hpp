#pragma once
// What a string of Python or JSON says. Pure.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/error.hpp"

namespace oes {

/// `literal`: with its prefix and quotes. malformed: an escape in it is cut off; never with what it holds.
result<std::string> string_of(std::string_view literal);

/// Whether it is an f-string with something in braces, which only Python can tell.
bool has_expressions(std::string_view literal);

/// Whether it is b"…", which is no text.
bool is_bytes(std::string_view literal);

struct f_string_piece {
  std::string text;
  bool is_expression = false;
};
/// Of an f-string; nullopt where an expression in it is more than a value: {x:5}, {x!r}, {x=}.
std::optional<std::vector<f_string_piece>> f_string_pieces(std::string_view literal);

}  // namespace oes
