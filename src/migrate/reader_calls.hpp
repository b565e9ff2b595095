#pragma once
// What the calls of a reader hand over. Pure.
#include <optional>

#include "migrate/python_literal.hpp"

namespace oes {

/// Of `.format(…)`.
std::optional<python_literal> source_in(python_arguments arguments);

/// Of `.option(…)`, by place or by name: a dict of one item.
std::optional<python_literal> option_in(python_arguments arguments);

}  // namespace oes
