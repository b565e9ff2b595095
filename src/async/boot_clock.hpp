#pragma once
// The host's time since it was booted, which counts suspended time too: what /proc tells instants by.
#include <chrono>

namespace oes {

[[nodiscard]] std::chrono::microseconds since_boot();

}  // namespace oes
