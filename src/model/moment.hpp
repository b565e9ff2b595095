#pragma once
// Two clocks that must not be mixed: what the labels, the credit day and people go by may be set or corrected at any
// moment; what is waited by only ever runs forward.
#include <chrono>

#include "model/time.hpp"

namespace oes {

/// Runs forward only. Of use between two of its own instants: waits, backoffs, not-before instants.
using run_time = std::chrono::time_point<std::chrono::steady_clock, std::chrono::microseconds>;

/// One look at both.
struct moment {
  utc_time now;  ///< as far as it is known: the API's time where it differs from ours (skew_watch.hpp)
  run_time run;  ///< what waits are measured by
};

}  // namespace oes
