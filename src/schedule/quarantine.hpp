#pragma once
// When a stream that ended the process may be begun again. Pure.
#include <chrono>
#include <cstddef>
#include <optional>

namespace oes {

/// How long it waits from now on. `ends`: how often in a row it ended the process, the last time `ago`. The first end
/// may have been chance: begin at once (nullopt). From the second on it waits for five minutes, and twice as long after
/// each further one, up to six hours. Never longer, whatever the clock did meanwhile.
std::optional<std::chrono::microseconds> quarantine_left(std::size_t ends, std::chrono::microseconds ago);

}  // namespace oes
