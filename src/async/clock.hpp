#pragma once
// THE PLACE where the product looks at a clock: instants (wall), spans (monotonic), and the daemon's own time: the
// host's, checked by what the API's answers say (model/skew_watch.hpp). A test may run that faster from another start,
// in step with the simulator's. Nothing else asks std::chrono for now().
#include <chrono>

#include "model/skew_watch.hpp"
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

/// At real instant `real_anchor` the host's clock shows `shown_anchor`, and runs `speed` times as fast as real time.
struct clock_settings {
  utc_time real_anchor{};
  utc_time shown_anchor{};
  double speed = 1.0;
};

/// Loop thread only. Not copied: what one user hears of the API's time holds for all.
class time_source {
 public:
  time_source();
  explicit time_source(clock_settings settings);
  time_source(time_source&&) = default;
  time_source& operator=(time_source&&) = default;
  time_source(const time_source&) = delete;
  time_source& operator=(const time_source&) = delete;
  ~time_source() = default;

  /// The time that labels, holes, `start:` and the credit day are judged by.
  [[nodiscard]] utc_time now() const { return read().now; }
  /// What waits are measured by: it never steps.
  [[nodiscard]] run_time run() const;
  /// The same of an instant of the steady clock that was kept.
  [[nodiscard]] run_time run_at(steady_time instant) const;
  [[nodiscard]] moment look() const { return {now(), run()}; }
  [[nodiscard]] clock_reading read() const;
  /// An answer told the API's time.
  void see(const dated_answer& answer);
  /// How long a wait of `shown` takes in real time.
  [[nodiscard]] steady_span real(std::chrono::microseconds shown) const;

 private:
  struct both_clocks;
  [[nodiscard]] both_clocks look_at_both() const;

  clock_settings settings_;
  steady_time began_;
  mutable skew_watch skew_;  ///< notices at each look whether the host's clock was set
};

}  // namespace oes
