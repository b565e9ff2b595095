#include "schedule/rationing.hpp"

#include <algorithm>
#include <utility>

namespace oes {
namespace {

using std::chrono::seconds;

// Of the day's share, for catch-up, retries and `/me`; what is not needed is handed out as the day goes by.
constexpr double reserved = 0.04;
// Live polls that want more than a day has would let no backfill through, nor any gap.
constexpr double guaranteed = 0.1;
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

void rationing::account_answered(const moment& at) {
  const auto* outage = api.outage();
  if (outage == nullptr || outage->what != api_trouble::limit) answered(at);
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
  credit_outlook out{.used = credits.used_today(now),
                     .per_day = credits.per_day(),
                     .left = credits.left(now),
                     .day_ends = credits.next_day(now),
                     .stretch = stretch(now)};
  std::int64_t cheapest = wants_.empty() ? 1 : wants_.front().requests;
  for (const auto& want : wants_) cheapest = std::min<std::int64_t>(cheapest, want.requests);
  out.spent = out.left && *out.left < cheapest;
  out.by_others = out.spent && credits.is_spent_by_others(now, cheapest);
  return out;
}

asked_credit rationing::spend(spend_on purpose, const moment& at, std::int64_t requests) {
  // Its answer shows that the key is good, which the breaker cannot know.
  if (purpose == spend_on::account && api.refuses_the_key()) return {pay(purpose, at, requests), outlook(at.now)};
  return let_go(at, [&] { return pay(purpose, at, requests); });
}

asked_credit rationing::spend_granted(const moment& at) {
  return let_go(at, [&] { return credits.spend_granted(at); });
}

template <class Pay>
asked_credit rationing::let_go(const moment& at, Pay pay) {
  if (const auto wait = api.ask(at.run)) {
    const auto& outage = *api.outage();
    return {{std::nullopt, *wait, outage.why, code_of(outage.what)}, outlook(at.now)};
  }
  auto answer = pay();
  if (!answer.leave_in) api.not_asked();
  return {std::move(answer), outlook(at.now)};
}

credit_answer rationing::pay(spend_on purpose, const moment& at, std::int64_t requests) {
  if (purpose == spend_on::account || purpose == spend_on::remainder) return credits.spend_in_any_case(at);
  auto* const part = guaranteed_for(purpose);
  if (part == nullptr || !credits.per_day()) return credits.spend(at, 0, requests);
  *part = as_of(*part, at.now);
  const bool within = part->pays(requests);
  auto answer = credits.spend(at, within ? 0 : reserve(at.now) + wanted_by_live(at.now), requests);
  if (answer.leave_in) {
    part->take(requests);
  } else if (requests <= *credits.per_day()) {
    part->keep_for_tomorrow();
  }
  return answer;
}

void rationing::give_up_granted(spend_on purpose, std::int64_t requests) {
  credits.give_up_granted(requests);
  if (auto* const part = guaranteed_for(purpose)) part->give_back(requests);
}

void rationing::give_back(spend_on purpose, const moment& at) {
  credits.give_back(at);
  auto* const part = guaranteed_for(purpose);
  if (part == nullptr || !credits.per_day()) return;
  *part = as_of(*part, at.now);
  part->give_back(1);
}

void rationing::failed(error& why, spend_on purpose, const moment& at, double uniform) {
  if (why.code == errc::stopped) return api.not_asked();
  auto trouble = trouble_in(why);
  // A key that `/me` refuses may be good for data: the next request tells.
  if (purpose == spend_on::account && trouble && *trouble != api_trouble::away) {
    if (!api.refuses_the_key()) api.not_asked();
    return;
  }
  if (is_silence(why)) {
    const bool in_a_row = api.fell_silent();
    // No answer to `/me` is too large for it, and nothing has vouched for the API yet.
    const bool is_away = in_a_row || (purpose == spend_on::account && !api.has_answered());
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
  return static_cast<std::int64_t>(std::clamp(std::max(left_by_live(now), as_of(leftover_, now).left()), 0.0, left));
}

// As pay() goes on from here, day by day.
std::optional<std::int64_t> rationing::days_for(const std::vector<std::size_t>& windows, utc_time now) const {
  if (!credits.per_day()) return 1;
  const auto share = *credits.per_day();
  auto part = as_of(leftover_, now);
  double by_live = left_by_live(now);
  auto left = *credits.left(now);
  std::int64_t days = 1;
  for (const auto window : windows) {
    const auto requests = static_cast<std::int64_t>(window);
    if (requests > share) return std::nullopt;
    while (requests > left || !(part.pays(requests) || static_cast<double>(requests - 1) < by_live)) {
      ++days;
      now = credits.next_day(now);
      part.keep_for_tomorrow();
      part.see_day(now, guaranteed * static_cast<double>(share), static_cast<double>(share));
      by_live = left_by_live(now);
      left = share;
    }
    part.take(requests);
    by_live -= static_cast<double>(requests);
    left -= requests;
  }
  return days;
}

guaranteed_part* rationing::guaranteed_for(spend_on purpose) {
  if (purpose == spend_on::leftover) return &leftover_;
  return purpose == spend_on::gaps ? &gaps_ : nullptr;
}

guaranteed_part rationing::as_of(guaranteed_part known, utc_time now) const {
  const auto share = static_cast<double>(credits.per_day().value_or(0));
  known.see_day(credits.use(now).day_began, guaranteed * share, share);
  return known;
}

// Without any of their polls being stretched.
double rationing::left_by_live(utc_time now) const {
  return static_cast<double>(credits.left(now).value_or(0)) - reserve(now) - wanted_by_live(now);
}

// Until the day ends, if nothing were stretched.
double rationing::wanted_by_live(utc_time now) const {
  double wanted = 0;
  for (const auto& want : wants_) {
    const auto left = rest_of_day(now);
    wanted += want.requests * static_cast<double>(left / std::max(want.wanted, want.natural));
    wanted += more_requests(want, left);
  }
  return wanted;
}

}  // namespace oes
