#pragma once
// How long a piece of work on the blocking thread may go on: its own deadline, pulled in when a stop is asked for.
#include <algorithm>
#include <atomic>
#include <chrono>

#include "async/clock.hpp"

namespace oes {

/// Written by the loop, read by the blocking thread: after a stop, no work goes on beyond the grace.
class stop_request {
 public:
  void ask(std::chrono::milliseconds grace) { at_ = (steady_now() + grace).time_since_epoch().count(); }
  void withdraw() { at_ = never; }
  [[nodiscard]] bool asked() const { return at_ != never; }
  [[nodiscard]] steady_time cut_off() const { return steady_time(steady_span(at_.load())); }

 private:
  static constexpr steady_span::rep never = steady_time::max().time_since_epoch().count();
  std::atomic<steady_span::rep> at_ = never;
};

class deadline {
 public:
  deadline(steady_time at, const stop_request& stop) : at_(at), stop_(stop) {}

  [[nodiscard]] bool over() const { return steady_now() >= end(); }
  /// How long one blocking call may take: `most`, less near the end, never below a millisecond.
  [[nodiscard]] int slice_ms(std::chrono::milliseconds most) const {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end() - steady_now());
    return static_cast<int>(std::clamp(left, std::chrono::milliseconds(1), most).count());
  }

 private:
  [[nodiscard]] steady_time end() const { return std::min(at_, stop_.cut_off()); }

  steady_time at_;
  const stop_request& stop_;
};

}  // namespace oes
