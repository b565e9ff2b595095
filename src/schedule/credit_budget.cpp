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
// What /me tells is a snapshot of up to five minutes ago (api.md §7).
constexpr auto oldest_snapshot = std::chrono::minutes(6);
constexpr double slowest_rate = 1e-3;
constexpr double fastest_rate = 1e9;

std::string not_enough_for(std::int64_t requests, std::int64_t share) {
  if (requests == 1) return "the day's share of credits is spent";
  const auto those = std::to_string(requests) + " requests that go together";
  if (requests > share) return "a day's share of credits (" + std::to_string(share) + ") never pays " + those;
  return "what is left of the day's share of credits does not pay " + those;
}

}  // namespace

credit_budget::credit_budget(const budget_settings& settings, const plan_limits& limits,
                             std::function<void(const credit_use&)> remember)
    : settings_(settings), resets_at_(settings.resets_at), remember_(std::move(remember)) {
  adopt(limits);
}

void credit_budget::configure(const budget_settings& settings, utc_time now) {
  const bool other_day = settings.resets_at != settings_.resets_at;
  // The plan is asked for from now on: what `/me` told before was not looked at.
  if (settings.plan == "auto" && settings_.plan != "auto" && plan_.empty()) heard_ = false;
  settings_ = settings;
  if (!other_day) return;
  reset_is_told_ = false;
  move_day(std::chrono::floor<days>(now) + settings.resets_at, now);
}

void credit_budget::adopt(const plan_limits& limits) {
  const auto before = credits_;
  credits_ = settings_.credits_per_day ? settings_.credits_per_day : limits.credits_per_day;
  // Another plan's balance cannot be compared with this one's.
  if (credits_ != before) today_.told.reset();
  share_ = credits_;
  if (share_) *share_ = static_cast<std::int64_t>(std::floor(static_cast<double>(*credits_) * settings_.share));
  const double per_second =
      std::clamp(settings_.requests_per_second.value_or(limits.requests_per_second), slowest_rate, fastest_rate);
  spacing_ = microseconds(static_cast<std::int64_t>(1e6 / per_second));
}

utc_time credit_budget::day_of(utc_time t) const { return std::chrono::floor<days>(t - resets_at_) + resets_at_; }

void credit_budget::begin_day(utc_time now) {
  const auto began = day_of(now);
  if (began == today_.began) return;
  if (began > today_.began) {
    yesterday_ = std::exchange(today_, credit_day{began, 0, 0, {}});
    heard_ = false;
    return;
  }
  // A day that the clock took back (it was ahead): what was counted in it still counts.
  const auto taken_back = std::exchange(today_, yesterday_.began == began ? yesterday_ : credit_day{began, 0, 0, {}});
  today_.used += taken_back.used;
  yesterday_ = {};
}

// The day turns out to have begun at another time than was thought.
void credit_budget::move_day(utc_time to, utc_time now) {
  resets_at_ = std::chrono::floor<seconds>(to - std::chrono::floor<days>(to));
  const auto began = day_of(now);
  if (began == today_.began) return;
  today_.may_be_less = today_.may_be_less || began > today_.began;
  today_.began = began;
  today_.told.reset();
}

std::optional<std::int64_t> credit_budget::limit() const {
  if (!share_) return std::nullopt;
  return std::max<std::int64_t>(0, std::min(*share_, *credits_ - today_.others));
}

credit_answer credit_budget::spend(const moment& at, double kept_back, std::int64_t requests) {
  begin_day(at.now);
  const auto most = limit();
  const auto others = requests - 1;
  if (most && static_cast<double>(today_.used + granted_ + others) + kept_back >= static_cast<double>(*most)) {
    auto why = is_spent_by_others(at.now, requests) ? std::string("others have spent the API key's credits")
                                                    : not_enough_for(requests, *share_);
    return {std::nullopt, next_day(at.now) - at.now, std::move(why)};
  }
  granted_ += others;
  return take(at);
}

credit_answer credit_budget::spend_granted(const moment& at) {
  --granted_;
  return spend_in_any_case(at);
}

credit_answer credit_budget::spend_in_any_case(const moment& at) {
  begin_day(at.now);
  return take(at);
}

credit_answer credit_budget::take(const moment& at) {
  ++today_.used;
  if (remember_ && credits_) remember_({today_.began, today_.used, plan_});
  const auto leave = std::max(at.run, next_free_);
  next_free_ = leave + spacing_;
  return {leave - at.run, {}};
}

void credit_budget::give_back(const moment& at) {
  if (day_of(at.now) != today_.began || today_.used == 0) return;
  --today_.used;
  if (remember_ && credits_) remember_({today_.began, today_.used, plan_});
}

void credit_budget::know_plan(std::string plan) {
  if (plan == plan_) return;
  plan_ = std::move(plan);
  if (remember_) remember_({today_.began, today_.used, plan_});
}

void credit_budget::forget_key() {
  today_ = credit_day{today_.began, 0, 0, {}};
  yesterday_ = {};
  plan_.clear();
  heard_ = false;
}

void credit_budget::restore(const credit_use& known, utc_time now) {
  begin_day(now);
  // A day that has yet to come was counted by a clock that was ahead.
  if (known.day_began <= now - days(1) || known.used <= today_.used) return;
  today_.used = known.used;
  today_.may_be_less = known.day_began != today_.began;
}

void credit_budget::see_account(const account& known, utc_time now) {
  begin_day(now);
  const auto& reset = known.credits_reset;
  const bool is_told = reset && *reset > now - days(1) && *reset <= now + longest_day;
  if (is_told) move_day(*reset, now);
  reset_is_told_ = reset_is_told_ || is_told;
  const bool may_be_of_yesterday = (is_told && *reset <= now) || now - today_.began < oldest_snapshot;
  heard_ = !may_be_of_yesterday;
  if (may_be_of_yesterday || !credits_ || !known.credits_remaining) return;
  const auto remaining = std::clamp<std::int64_t>(*known.credits_remaining, 0, *credits_);
  const auto gone = *credits_ - remaining;
  // More than before, though it was used: the day began in between.
  const bool has_risen = today_.told && remaining > today_.told->remaining && now - today_.told->at > oldest_snapshot;
  if (has_risen && !reset_is_told_) move_day(now, now);
  // All that the key has used bounds what we have.
  if (has_risen || today_.may_be_less) today_.used = std::min(today_.used, gone);
  today_.may_be_less = false;
  today_.told = told_balance{remaining, now};
  today_.others = std::max<std::int64_t>(0, gone - today_.used);
}

bool credit_budget::is_spent_by_others(utc_time now, std::int64_t requests) const {
  const auto left_here = left(now);
  if (!left_here || *left_here >= requests) return false;
  return used_today(now) + granted_ + requests <= *share_;
}

std::optional<std::int64_t> credit_budget::left(utc_time now) const {
  const auto most = day_of(now) > today_.began ? share_ : limit();
  if (!most) return std::nullopt;
  return std::max<std::int64_t>(0, *most - used_today(now) - granted_);
}

std::int64_t credit_budget::used_today(utc_time now) const { return day_of(now) > today_.began ? 0 : today_.used; }

credit_use credit_budget::use(utc_time now) const {
  return {std::max(today_.began, day_of(now)), used_today(now), plan_};
}

utc_time credit_budget::next_day(utc_time now) const { return day_of(now) + days(1); }

}  // namespace oes
