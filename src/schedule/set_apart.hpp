#pragma once
// When a stream that ended the process may be begun again, so that one poisonous answer is not an outage of all. Pure.
#include <chrono>
#include <cstddef>
#include <optional>

#include "model/time.hpp"

namespace oes {

/// `ends`: how often in a row its coroutine ended the process, the last time at `newest`. The first end may have been
/// chance: begin at once (nullopt). From the second on it waits for five minutes, and twice as long after each further
/// one, up to six hours. Never longer than that from `now`, whatever the clock did meanwhile.
std::optional<utc_time> set_apart_until(std::size_t ends, utc_time newest, utc_time now);

}  // namespace oes
