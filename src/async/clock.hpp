#pragma once
// THE PLACE where the product looks at a clock: instants (wall), spans (monotonic), and the daemon's own time, which a
// test may run faster from another start, in step with the simulator's. Nothing else asks std::chrono for now().
#include <chrono>

#include "model/time.hpp"

namespace oes {

using steady_time = std::chrono::steady_clock::time_point;
using steady_span = std::chrono::steady_clock::duration;

/// Monotonic: for deadlines and for how long something took.
[[nodiscard]] steady_time steady_now();
/// Now and `span`, or the end of time where that would be beyond it.
[[nodiscard]] steady_time steady_after(steady_span span);
/// The host's wall clock. The daemon's decisions ask their time_source instead.
[[nodiscard]] utc_time wall_now();
/// Holds up the calling thread; only for threads made for blocking calls. Coroutines have pause_for (timer.hpp).
void hold_thread(steady_span span);

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
  [[nodiscard]] steady_span real(std::chrono::microseconds shown) const;

 private:
  clock_settings settings_;
};

}  // namespace oes
