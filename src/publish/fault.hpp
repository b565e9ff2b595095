#pragma once
// A failure of this room: code and one line for a person.
#include <optional>
#include <string>
#include <utility>

#include "model/error.hpp"

namespace oes {

inline error fault(errc code, std::string context) { return error{code, std::move(context), std::nullopt, 0}; }

}  // namespace oes
