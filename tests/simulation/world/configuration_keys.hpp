#pragma once
// Which keys of the configuration worlds have, and with what values.
#include "config/configuration.hpp"
#include "simulation/world/tally.hpp"

namespace oes::simulation {

/// As `key NAME=VALUE`.
void note_keys(const configuration& config, tally& into);

}  // namespace oes::simulation
