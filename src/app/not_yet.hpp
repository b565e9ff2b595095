#pragma once
// Stream options that the configuration knows and this release does not serve yet: refused, never silently ignored.
#include <string>
#include <vector>

#include "config/configuration.hpp"

namespace oes {

/// One line per stream and option; empty: everything asked for is served.
std::vector<std::string> options_not_served_yet(const configuration& config);

}  // namespace oes
