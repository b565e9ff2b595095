#pragma once
// Every place of a script where a name is given a value, or where the value is changed. Pure.
#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "migrate/python_blocks.hpp"
#include "migrate/python_literal.hpp"
#include "migrate/python_tokens.hpp"

namespace oes {

struct python_binding {
  enum class change {
    assigned,
    item_set,     ///< name["key"] = …
    updated,      ///< name.update(…), name |= …
    unclear,      ///< by what is not read here
    handed_over,  ///< a parameter of a function, or what a loop walks through
    declared,     ///< as the name of an outer scope: global, nonlocal
  };
  change is = change::unclear;
  std::size_t name = 0;    ///< where the name stands
  std::size_t place = 0;   ///< of the value
  std::size_t behind = 0;  ///< the value
  std::size_t line = 1;
  std::size_t indent = 0;  ///< of the statement
  python_literal key;      ///< of item_set
  python_literal value;
};

/// By name, in the order in which they stand there.
using python_bindings = std::map<std::string, std::vector<python_binding>, std::less<>>;

python_bindings find_bindings(const python_tokens& tokens, const python_blocks& blocks);

}  // namespace oes
