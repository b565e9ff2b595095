#pragma once
// When a re-read cadence comes round.
#include <optional>

#include "model/re_read.hpp"
#include "model/time.hpp"

namespace oes {

/// `last`: when it last came round; nullopt: not yet in this process, so it is due. With each poll: always.
bool is_due(const re_read& cadence, std::optional<network_time> last, network_time now);

}  // namespace oes
