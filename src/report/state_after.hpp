#pragma once
// What a cycle's end is called on the status page. Pure.
#include "groups/cycle_outcome.hpp"
#include "telemetry/status_board.hpp"

namespace oes {

stream_state state_after(const cycle_outcome& outcome);

}  // namespace oes
