#pragma once
// How the promise is kept, as the topics show it: what would go wrong only with more bad luck than a world has.
#include <string>
#include <vector>

#include "simulation/kafka/cluster.hpp"

namespace oes::simulation {

/// Each committed transaction says in the progress topic that it begins; whoever has aborted writes no more as that
/// producer; no record of progress grows with history.
std::vector<std::string> check_how_kept(const cluster& kafka);

}  // namespace oes::simulation
