#include "schedule/credit_budget.hpp"

#include <algorithm>
#include <cmath>

namespace oes {

using std::chrono::days;
using std::chrono::microseconds;
using std::chrono::seconds;

namespace {

// A probe of a key that was refused is answered within this; meanwhile nobody else asks.
constexpr seconds probe_takes{130};
// `credits.reset` of /me is believed where it can be the end of a credit day.
constexpr auto longest_day = std::chrono::hours(25);

}  // namespace

credit_budget::credit_budget(const budget_settings& settings, const plan_limits& limits, backoff_settings refused,
                             std::function<void(const credit_use&)> remember)
    : settings_(settings), resets_at_(settings.resets_at), remember_(std::move(remember)), refusals_(refused) {
  adopt(limits);
}

void credit_budget::adopt(const plan_limits& limits) {
  credits_ = settings_.credits_per_day ? settings_.credits_per_day : limits.credits_per_day;
  share_ = credits_;
  if (share_) *share_ = static_cast<std::int64_t>(std::floor(static_cast<double>(*credits_) * settings_.share));
  const double per_second = settings_.requests_per_second.value_or(limits.requests_per_second);
  spacing_ = microseconds(static_cast<std::int64_t>(1e6 / per_second));
}

utc_time credit_budget::day_of(utc_time t) const { return std::chrono::floor<days>(t - resets_at_) + resets_at_; }

void credit_budget::begin_day(utc_time now) {
  if (day_of(now) <= day_) return;
  day_ = day_of(now);
  used_ = 0;
  others_ = 0;
  told_remaining_.reset();
}

std::optional<std::int64_t> credit_budget::limit() const {
  if (!share_) return std::nullopt;
  return std::max<std::int64_t>(0, std::min(*share_, *credits_ - others_));
}

credit_answer credit_budget::spend(utc_time now, double kept_back) {
  begin_day(now);
  if (paused_until_ && now < *paused_until_) return {std::nullopt, *paused_until_, "the API refuses the key for now"};
  const auto most = limit();
  if (most && static_cast<double>(used_) + kept_back >= static_cast<double>(*most)) {
    return {std::nullopt, next_day(now), "the day's share of credits is spent"};
  }
  ++used_;
  if (remember_ && credits_) remember_({day_, used_});
  if (paused_until_) paused_until_ = now + probe_takes;  // this one probes
  const auto leave = std::max(now, next_free_);
  next_free_ = leave + spacing_;
  return {leave, {}, {}};
}

void credit_budget::answered() {
  paused_until_.reset();
  refusals_.reset();
}

utc_time credit_budget::refused(utc_time now, double uniform) {
  const auto backed_off = std::max<microseconds>(refusals_.next(uniform), refusals_.settings().base / 2);
  // A limit that is spent is there again when the day begins.
  const auto day_begins = next_day(now) + seconds(5);
  paused_until_ = std::min(now + backed_off, std::max(day_begins, now + seconds(1)));
  return *paused_until_;
}

void credit_budget::restore(const credit_use& known, utc_time now) {
  begin_day(now);
  if (day_of(known.day_began) == day_) used_ = std::max(used_, known.used);
}

void credit_budget::see_account(const account& known, utc_time now) {
  if (known.credits_reset && *known.credits_reset > now && *known.credits_reset <= now + longest_day) {
    resets_at_ = std::chrono::floor<seconds>(*known.credits_reset - std::chrono::floor<days>(*known.credits_reset));
  }
  begin_day(now);
  if (!credits_ || !known.credits_remaining) return;
  const auto remaining = *known.credits_remaining;
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

credit_use credit_budget::use(utc_time now) const { return {std::max(day_, day_of(now)), used_today(now)}; }

utc_time credit_budget::next_day(utc_time now) const { return day_of(now) + days(1); }

}  // namespace oes
