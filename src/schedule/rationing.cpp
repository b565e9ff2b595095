#include "schedule/rationing.hpp"

#include <algorithm>
#include <utility>

namespace oes {
namespace {

using std::chrono::seconds;

// Of the day's share, for catch-up, retries and `/me`; what is not needed is handed out as the day goes by.
constexpr double reserved = 0.04;
// Live polls that want more than a day has would let no backfill through.
constexpr double for_backfill = 0.1;
// A limit that is spent is there again when the day begins.
constexpr seconds after_day_begins{5};

constexpr int maintenance = 503;

// Maintenance is answered before the key is looked at (api.md §10).
bool costs_nothing(const error& why) { return why.code == errc::unreachable || why.http_status == maintenance; }

errc code_of(api_trouble what) {
  switch (what) {
    case api_trouble::away:
      return errc::unreachable;
    case api_trouble::limit:
      return errc::limit_reached;
    case api_trouble::bad_key:
      return errc::bad_key;
  }
  return errc::unreachable;
}

bool is_silence(const error& why) {
  return why.http_status == 0 && (why.code == errc::timed_out || why.code == errc::network_error);
}

}  // namespace

breaker_settings breaker_settings_of(const schedule_settings& settings) {
  return {settings.retry, settings.limit, settings.probe_rejected};
}

std::size_t rationing::join(const poll_want& want) {
  wants_.push_back(want);
  return wants_.size() - 1;
}

void rationing::learn(std::size_t group, std::chrono::seconds natural, int requests) {
  wants_[group].natural = natural;
  wants_[group].requests = std::max(1, requests);
}

void rationing::hear(const account& told, const std::optional<plan_limits>& plan, utc_time now) {
  const auto before = credits.left(now);
  const bool other_plan = plan && told.plan != credits.known_plan();
  if (plan) {
    credits.know_plan(told.plan);
    credits.adopt(*plan);
  }
  credits.see_account(told, now);
  if (other_plan && eased_) return eased_();
  tell_if_eased(before, now);
}

void rationing::forget_key(utc_time now) {
  const auto before = credits.left(now);
  credits.forget_key();
  tell_if_eased(before, now);
}

void rationing::tell_if_eased(std::optional<std::int64_t> left_before, utc_time now) const {
  const auto left = credits.left(now);
  if (eased_ && left_before && (!left || *left > *left_before)) eased_();
}

void rationing::answered(const moment& at) {
  const bool was_away = api.outage() != nullptr;
  api.answered(at.run);
  if (was_away && eased_) eased_();
}

std::chrono::seconds rationing::rest_of_day(utc_time now) const {
  return std::max(std::chrono::seconds(1), std::chrono::ceil<std::chrono::seconds>(credits.next_day(now) - now));
}

double rationing::reserve(utc_time now) const {
  const auto share = static_cast<double>(credits.per_day().value_or(0));
  return reserved * share * static_cast<double>(rest_of_day(now).count()) / 86400.0;
}

std::optional<double> rationing::for_live(utc_time now) const {
  const auto left = credits.left(now);
  if (!left) return std::nullopt;
  return std::max(0.0, static_cast<double>(*left) - reserve(now));
}

double rationing::stretch(utc_time now) const {
  const auto live = for_live(now);
  return live ? stretch_for(wants_, *live, rest_of_day(now)) : 1.0;
}

poll_pace rationing::pace(std::size_t group, utc_time now) const {
  const auto live = for_live(now);
  if (!live) {
    return {wants_[group].wanted,
            std::chrono::ceil<std::chrono::seconds>(credits.spacing() * static_cast<int>(wants_.size()))};
  }
  const auto left = rest_of_day(now);
  const double by = stretch_for(wants_, *live, left);
  const auto wanted = wants_[group].wanted;
  return {std::clamp(stretched(wants_[group], by), wanted, std::max(wanted, left)),
          affordable_for(wants_, group, by, *live, left)};
}

credit_outlook rationing::outlook(utc_time now) const {
  credit_outlook out{credits.used_today(now), credits.per_day(), credits.left(now), false,
                     credits.next_day(now),   stretch(now)};
  out.spent = out.left && *out.left < 1;
  return out;
}

asked_credit rationing::spend(spend_on purpose, const moment& at) {
  auto answer = let_go(purpose, at);
  return {std::move(answer), outlook(at.now)};
}

credit_answer rationing::let_go(spend_on purpose, const moment& at) {
  if (const auto wait = api.ask(at.run)) {
    const auto& outage = *api.outage();
    return {std::nullopt, *wait, outage.why, code_of(outage.what)};
  }
  auto answer = pay(purpose, at);
  if (!answer.leave_in) api.not_asked();
  return answer;
}

credit_answer rationing::pay(spend_on purpose, const moment& at) {
  if (purpose == spend_on::account) return credits.spend_on_account(at);
  if (purpose != spend_on::leftover || !credits.per_day()) return credits.spend(at);
  const auto day = credits.use(at.now).day_began;
  if (backfilled_.day_began != day) backfilled_ = {day, 0};
  const auto guaranteed = for_backfill * static_cast<double>(*credits.per_day());
  const bool within = static_cast<double>(backfilled_.used) < guaranteed;
  auto answer = credits.spend(at, within ? 0 : reserve(at.now) + wanted_by_live(at.now));
  if (answer.leave_in) ++backfilled_.used;
  return answer;
}

void rationing::give_back(spend_on purpose, const moment& at) {
  credits.give_back(at);
  const bool of_leftover = purpose == spend_on::leftover && backfilled_.day_began == credits.use(at.now).day_began;
  if (of_leftover && backfilled_.used > 0) --backfilled_.used;
}

void rationing::failed(error& why, spend_on purpose, const moment& at, double uniform) {
  if (why.code == errc::stopped) return api.not_asked();
  auto trouble = trouble_in(why);
  // A key that `/me` refuses may be good for data: the next request tells.
  if (purpose == spend_on::account && trouble && *trouble != api_trouble::away) return api.not_asked();
  if (is_silence(why)) {
    const bool is_away = api.fell_silent();
    // A probe that gets no answer has not found the API back.
    if (api.outage() != nullptr) {
      trouble = api.outage()->what;
    } else if (is_away) {
      trouble = api_trouble::away;
    } else {
      return;
    }
  }
  if (costs_nothing(why)) give_back(purpose, at);
  if (!trouble) return answered(at);
  const auto day_begins = credits.next_day(at.now) - at.now + after_day_begins;
  const bool ends_with_day = *trouble == api_trouble::limit;
  api.failed(*trouble, why, ends_with_day ? day_begins : std::chrono::microseconds::max(), at.run, uniform);
  why.retry_after = std::chrono::ceil<std::chrono::seconds>(api.outage()->next_probe - at.run);
}

std::int64_t rationing::spare(utc_time now) const {
  const auto left = static_cast<double>(credits.left(now).value_or(0));
  const auto use = credits.use(now);
  const auto had = backfilled_.day_began == use.day_began ? static_cast<double>(backfilled_.used) : 0.0;
  const auto guaranteed = for_backfill * static_cast<double>(credits.per_day().value_or(0)) - had;
  const auto free = left - reserve(now) - wanted_by_live(now);
  return static_cast<std::int64_t>(std::clamp(std::max(free, guaranteed), 0.0, left));
}

// Until the day ends, if nothing were stretched.
double rationing::wanted_by_live(utc_time now) const {
  double wanted = 0;
  for (const auto& want : wants_) {
    wanted += want.requests * static_cast<double>(rest_of_day(now) / std::max(want.wanted, want.natural));
  }
  return wanted;
}

}  // namespace oes
