#pragma once
// The names of the replaced source's options. Pure.
#include <string>
#include <string_view>
#include <vector>

#include "migrate/python_literal.hpp"

namespace oes {

/// Every option that the replaced source or its helpers knew.
const std::vector<std::string>& replaced_options();

/// In any case, as Spark takes it.
bool is_replaced_option(std::string_view name);

/// A dict that names one of them.
bool names_replaced_option(const python_literal& dict);

}  // namespace oes
