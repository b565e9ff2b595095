#pragma once
// The sets of options in what a user of the replaced source has: a dict, JSON, a list of them, or the script itself.
// Pure.
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "migrate/python_literal.hpp"

namespace oes {

/// The options of one reader, in lower case, as Spark takes them.
struct option_set {
  std::vector<std::pair<std::string, python_literal>> options;
  std::size_t line = 1;              ///< where it begins
  std::vector<std::string> unread;   ///< what was given in a way that cannot be told from here, and why
  std::vector<std::string> remarks;  ///< a sentence each
};

/// Of a dict; of two with one name the last holds.
option_set option_set_of(const python_literal& dict, std::size_t line, std::vector<std::string> unread);

/// In the order in which they stand there. Of a script the readers of format("openelectricity_stream"), one for each
/// call and each turn of a loop that makes one; where it has none, its dicts with at least one option of the source. Of
/// a value these dicts, alone or in a list. malformed: a value that cannot be read, there is none at all, or it is
/// longer than longest_python.
result<std::vector<option_set>> find_option_sets(std::string_view text);

}  // namespace oes
