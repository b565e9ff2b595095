#pragma once
// Dicts and lists that have two names, or are handed to a function: what is changed by one name is changed for both.
// Pure.
#include "migrate/python_bindings.hpp"
#include "migrate/python_blocks.hpp"
#include "migrate/python_tokens.hpp"

namespace oes {

/// To the names that are used again after such a change: a binding that is unclear.
void add_shared_changes(const python_tokens& tokens, const python_blocks& blocks, python_bindings& bindings);

}  // namespace oes
