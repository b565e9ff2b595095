#pragma once
// Progress as a table for a terminal. Pure.
#include <string>

#include "model/progress.hpp"

namespace oes {

std::string progress_table(const progress_snapshot& snapshot);

}  // namespace oes
