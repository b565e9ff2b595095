#include "schedule/rationing.hpp"

#include <algorithm>

namespace oes {
namespace {

// Of the day's share, for catch-up, retries and `/me`; what is not needed is handed out as the day goes by.
constexpr double reserved = 0.04;
// Live polls that want more than a day has would let no backfill through.
constexpr double for_backfill = 0.1;

}  // namespace

std::size_t rationing::join(const poll_want& want) {
  wants_.push_back(want);
  return wants_.size() - 1;
}

void rationing::learn(std::size_t group, std::chrono::seconds natural, int requests) {
  wants_[group].natural = natural;
  wants_[group].requests = std::max(1, requests);
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
  return {stretched(wants_[group], by), affordable_for(wants_, group, by, *live, left)};
}

credit_answer rationing::spend(spend_on purpose, utc_time now) {
  if (purpose != spend_on::backfill || !credits.per_day()) return credits.spend(now);
  const auto day = credits.use(now).day_began;
  if (backfilled_.day_began != day) backfilled_ = {day, 0};
  const auto guaranteed = for_backfill * static_cast<double>(*credits.per_day());
  const bool within = static_cast<double>(backfilled_.used) < guaranteed;
  auto answer = credits.spend(now, within ? 0 : reserve(now) + wanted_by_live(now));
  if (answer.leave) ++backfilled_.used;
  return answer;
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
