#pragma once
// A process that ends by itself, wherever it stands: as after a kill nothing of it goes on, but it has an exit code.
#include <functional>

#include "simulation/machine/machine.hpp"

namespace oes::simulation {

/// Who is told the exit code.
void when_it_leaves(const process& whose, std::function<void(int)> told);

}  // namespace oes::simulation
