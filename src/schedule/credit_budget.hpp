#pragma once
// How often the API may be asked: requests per second and credits per day.
#include <chrono>
#include <cstdint>
#include <optional>

#include "model/plan_limits.hpp"
#include "model/time.hpp"
#include "schedule/schedule_settings.hpp"

namespace oes {

/// One per API key; every request goes through it. Time is a parameter.
class credit_budget {
 public:
  credit_budget(const budget_settings& settings, const plan_limits& limits);

  /// Spends one credit and returns when the request may leave (now or later); nullopt: the day's share is spent, ask
  /// again at next_day().
  std::optional<utc_time> spend(utc_time now);
  [[nodiscard]] utc_time next_day(utc_time now) const;
  [[nodiscard]] std::int64_t used_today(utc_time now) const;
  [[nodiscard]] std::optional<std::int64_t> per_day() const { return per_day_; }
  /// Credits spent before this process began, as far as they are known (`/me`, budget.json).
  void assume_used(utc_time now, std::int64_t credits);

 private:
  [[nodiscard]] std::int64_t day_of(utc_time t) const;

  std::optional<std::int64_t> per_day_;
  std::chrono::microseconds spacing_;
  std::chrono::seconds resets_at_;
  std::int64_t day_ = 0;
  std::int64_t used_ = 0;
  utc_time next_free_{};
};

}  // namespace oes
