#include "schedule/credit_budget.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace oes {

using std::chrono::days;
using std::chrono::microseconds;
using std::chrono::seconds;

namespace {

// `credits.reset` of /me is believed where it can be the end of a credit day.
constexpr auto longest_day = std::chrono::hours(25);
constexpr double slowest_rate = 1e-3;
constexpr double fastest_rate = 1e9;

}  // namespace

credit_budget::credit_budget(const budget_settings& settings, const plan_limits& limits,
                             std::function<void(const credit_use&)> remember)
    : settings_(settings), resets_at_(settings.resets_at), remember_(std::move(remember)) {
  adopt(limits);
}

void credit_budget::adopt(const plan_limits& limits) {
  const auto before = credits_;
  credits_ = settings_.credits_per_day ? settings_.credits_per_day : limits.credits_per_day;
  // Another plan's balance cannot be compared with this one's.
  if (credits_ != before) told_remaining_.reset();
  share_ = credits_;
  if (share_) *share_ = static_cast<std::int64_t>(std::floor(static_cast<double>(*credits_) * settings_.share));
  const double per_second =
      std::clamp(settings_.requests_per_second.value_or(limits.requests_per_second), slowest_rate, fastest_rate);
  spacing_ = microseconds(static_cast<std::int64_t>(1e6 / per_second));
}

utc_time credit_budget::day_of(utc_time t) const { return std::chrono::floor<days>(t - resets_at_) + resets_at_; }

// A day that the clock took back (it was ahead): what was counted in it still counts.
void credit_budget::begin_day(utc_time now) {
  const auto today = day_of(now);
  if (today > day_) {
    used_ = 0;
    others_ = 0;
    told_remaining_.reset();
  }
  day_ = today;
}

std::optional<std::int64_t> credit_budget::limit() const {
  if (!share_) return std::nullopt;
  return std::max<std::int64_t>(0, std::min(*share_, *credits_ - others_));
}

credit_answer credit_budget::spend(const moment& at, double kept_back) {
  begin_day(at.now);
  const auto most = limit();
  if (most && static_cast<double>(used_) + kept_back >= static_cast<double>(*most)) {
    return {std::nullopt, next_day(at.now) - at.now, "the day's share of credits is spent"};
  }
  return take(at);
}

credit_answer credit_budget::spend_on_account(const moment& at) {
  begin_day(at.now);
  return take(at);
}

credit_answer credit_budget::take(const moment& at) {
  ++used_;
  if (remember_ && credits_) remember_({day_, used_, plan_});
  const auto leave = std::max(at.run, next_free_);
  next_free_ = leave + spacing_;
  return {leave - at.run, {}};
}

void credit_budget::give_back(const moment& at) {
  if (day_of(at.now) != day_ || used_ == 0) return;
  --used_;
  if (remember_ && credits_) remember_({day_, used_, plan_});
}

void credit_budget::know_plan(std::string plan) {
  if (plan == plan_) return;
  plan_ = std::move(plan);
  if (remember_) remember_({day_, used_, plan_});
}

void credit_budget::forget_key() {
  used_ = 0;
  others_ = 0;
  told_remaining_.reset();
  plan_.clear();
  heard_ = false;
}

void credit_budget::restore(const credit_use& known, utc_time now) {
  begin_day(now);
  // A day that has yet to come was counted by a clock that was ahead.
  if (day_of(known.day_began) >= day_) used_ = std::max(used_, known.used);
}

void credit_budget::see_account(const account& known, utc_time now) {
  heard_ = true;
  if (known.credits_reset && *known.credits_reset > now && *known.credits_reset <= now + longest_day) {
    resets_at_ = std::chrono::floor<seconds>(*known.credits_reset - std::chrono::floor<days>(*known.credits_reset));
  }
  begin_day(now);
  if (!credits_ || !known.credits_remaining) return;
  const auto remaining = std::clamp<std::int64_t>(*known.credits_remaining, 0, *credits_);
  if (told_remaining_ && remaining > *told_remaining_) {
    // More than before, though it was used: the day began in between.
    resets_at_ = std::chrono::floor<seconds>(now - std::chrono::floor<days>(now));
    day_ = day_of(now);
    used_ = 0;
  }
  told_remaining_ = remaining;
  others_ = std::max<std::int64_t>(0, *credits_ - remaining - used_);
}

std::optional<std::int64_t> credit_budget::left(utc_time now) const {
  const auto most = day_of(now) > day_ ? share_ : limit();
  if (!most) return std::nullopt;
  return std::max<std::int64_t>(0, *most - used_today(now));
}

std::int64_t credit_budget::used_today(utc_time now) const { return day_of(now) > day_ ? 0 : used_; }

credit_use credit_budget::use(utc_time now) const { return {std::max(day_, day_of(now)), used_today(now), plan_}; }

utc_time credit_budget::next_day(utc_time now) const { return day_of(now) + days(1); }

}  // namespace oes
