#pragma once
// Exponential backoff with full jitter.
#include <chrono>

#include "schedule/schedule_settings.hpp"

namespace oes {

class backoff {
 public:
  explicit backoff(backoff_settings settings) : settings_(settings) {}
  /// The next wait, uniform in (0, min(cap, base · 2^attempt)]; `uniform` in [0, 1) is the caller's random number.
  std::chrono::milliseconds next(double uniform);
  void reset() { attempt_ = 0; }
  [[nodiscard]] const backoff_settings& settings() const { return settings_; }
  [[nodiscard]] int attempts() const { return attempt_; }
  /// The last wait was of the longest kind.
  [[nodiscard]] bool is_at_cap() const;

 private:
  [[nodiscard]] std::chrono::milliseconds ceiling(int attempt) const;

  backoff_settings settings_;
  int attempt_ = 0;
};

}  // namespace oes
