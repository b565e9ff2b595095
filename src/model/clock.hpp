#pragma once
// The daemon's clock. Real in production; a test may run it faster from another start, in step with the simulator's.
#include <chrono>

#include "model/time.hpp"

namespace oes {

/// At real instant `real_anchor` the clock shows `shown_anchor`, and runs `speed` times as fast as real time.
struct clock_settings {
  utc_time real_anchor{};
  utc_time shown_anchor{};
  double speed = 1.0;
};

class time_source {
 public:
  time_source() = default;
  explicit time_source(clock_settings settings) : settings_(settings) {}
  /// The shown time now.
  [[nodiscard]] utc_time now() const;
  /// How long a wait of `shown` takes in real time.
  [[nodiscard]] std::chrono::steady_clock::duration real(std::chrono::microseconds shown) const;

 private:
  clock_settings settings_;
};

}  // namespace oes
