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
  std::size_t line = 1;  ///< where it begins
};

/// Every option that the replaced source or its helpers knew.
const std::vector<std::string>& replaced_options();

/// In the order in which they stand there: dicts with at least one option of the source, alone or in a list, and chains
/// of `.format("openelectricity_stream").option(…)`. malformed: the text is a value that cannot be read, or there is
/// none at all.
result<std::vector<option_set>> find_option_sets(std::string_view text);

}  // namespace oes
