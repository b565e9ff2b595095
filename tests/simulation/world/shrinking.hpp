#pragma once
// What of a violated world is enough for a violation.
#include <functional>

#include "simulation/world/plan.hpp"

namespace oes::simulation {

/// Takes away whatever can go, one thing at a time, while `violated` says so; what is left is needed, each for itself.
world_plan shrunken(world_plan plan, const std::function<bool(const world_plan&)>& violated);

}  // namespace oes::simulation
