#pragma once
// How long a piece of work on the blocking thread may go on: its own deadline, pulled in when a stop is asked for.
#include <algorithm>
#include <atomic>
#include <chrono>

namespace oes {

/// Written by the loop, read by the blocking thread: after a stop, no work goes on beyond the grace.
class stop_request {
 public:
  using clock = std::chrono::steady_clock;
  void ask(std::chrono::milliseconds grace) { at_ = (clock::now() + grace).time_since_epoch().count(); }
  void withdraw() { at_ = never; }
  [[nodiscard]] bool asked() const { return at_ != never; }
  [[nodiscard]] clock::time_point cut_off() const { return clock::time_point(clock::duration(at_.load())); }

 private:
  static constexpr clock::rep never = clock::time_point::max().time_since_epoch().count();
  std::atomic<clock::rep> at_ = never;
};

class patience {
 public:
  using clock = stop_request::clock;
  patience(clock::time_point deadline, const stop_request& stop) : deadline_(deadline), stop_(stop) {}

  [[nodiscard]] bool over() const { return clock::now() >= end(); }
  /// How long one blocking call may take: `most`, less near the end, never below a millisecond.
  [[nodiscard]] int slice_ms(std::chrono::milliseconds most) const {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end() - clock::now());
    return static_cast<int>(std::clamp(left, std::chrono::milliseconds(1), most).count());
  }

 private:
  [[nodiscard]] clock::time_point end() const { return std::min(deadline_, stop_.cut_off()); }

  clock::time_point deadline_;
  const stop_request& stop_;
};

}  // namespace oes
