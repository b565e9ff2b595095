#include "schedule/credit_budget.hpp"

#include <algorithm>
#include <cmath>

namespace oes {

using std::chrono::days;
using std::chrono::microseconds;

credit_budget::credit_budget(const budget_settings& settings, const plan_limits& limits)
    : resets_at_(settings.resets_at) {
  const auto credits = settings.credits_per_day ? settings.credits_per_day : limits.credits_per_day;
  if (credits) per_day_ = static_cast<std::int64_t>(std::floor(static_cast<double>(*credits) * settings.share));
  const double per_second = settings.requests_per_second.value_or(limits.requests_per_second);
  spacing_ = microseconds(static_cast<std::int64_t>(1e6 / per_second));
}

std::int64_t credit_budget::day_of(utc_time t) const {
  return std::chrono::floor<days>(t - resets_at_).time_since_epoch().count();
}

std::optional<utc_time> credit_budget::spend(utc_time now) {
  if (day_of(now) != day_) {
    day_ = day_of(now);
    used_ = 0;
  }
  if (per_day_ && used_ >= *per_day_) return std::nullopt;
  ++used_;
  const auto leave = std::max(now, next_free_);
  next_free_ = leave + spacing_;
  return leave;
}

utc_time credit_budget::next_day(utc_time now) const { return utc_time(days(day_of(now) + 1)) + resets_at_; }

std::int64_t credit_budget::used_today(utc_time now) const { return day_of(now) == day_ ? used_ : 0; }

void credit_budget::assume_used(utc_time now, std::int64_t credits) {
  day_ = day_of(now);
  used_ = std::max(used_, credits);
}

}  // namespace oes
