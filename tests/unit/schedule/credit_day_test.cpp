// When the credit day begins, and what an old answer of `/me` tells of it.
#include <doctest/doctest.h>

#include <random>
#include <vector>

#include "schedule/rationing.hpp"
#include "support/times.hpp"

using namespace oes;
using namespace oes::test;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

const auto day_change = utc("2026-11-24T00:00:00Z");

moment both_at(utc_time now) { return {now, run_time(now.time_since_epoch())}; }

budget_settings a_day_with(std::int64_t credits, seconds resets_at = {}) {
  budget_settings settings;
  settings.credits_per_day = credits;
  settings.share = 0.9;
  settings.resets_at = resets_at;
  return settings;
}

account left_until(std::int64_t remaining, std::optional<utc_time> reset = {}) {
  account known;
  known.credits_remaining = remaining;
  known.credits_reset = reset;
  return known;
}

}  // namespace

TEST_CASE("just after midnight an old answer of /me neither spends the new day nor begins it again") {
  for (const auto reset : {std::optional<utc_time>(), std::optional(day_change)}) {
    credit_budget budget(a_day_with(500), limits_of("COMMUNITY"));
    budget.restore({day_change - days(1), 450, ""}, day_change + minutes(2));
    budget.see_account(left_until(10, reset), day_change + minutes(2));
    CHECK(budget.left(day_change + minutes(2)) == 450);
    CHECK_FALSE(budget.heard_of_account());  // it is asked again soon
    for (int i = 0; i < 30; ++i) budget.spend(both_at(day_change + minutes(3)));
    budget.see_account(left_until(470), day_change + minutes(12));
    CHECK(budget.heard_of_account());
    CHECK(budget.left(day_change + minutes(12)) == 420);
    CHECK(budget.next_day(day_change + minutes(12)) == day_change + days(1));
  }
}

TEST_CASE("a balance that rises does not move a day whose end was told") {
  credit_budget budget(a_day_with(500), limits_of("COMMUNITY"));
  const auto noon = day_change + hours(12);
  for (int i = 0; i < 400; ++i) budget.spend(both_at(noon));
  budget.see_account(left_until(50, day_change + days(1)), noon);
  budget.see_account(left_until(490), noon + hours(2));  // given back by the API
  CHECK(budget.next_day(noon + hours(2)) == day_change + days(1));
  CHECK(budget.left(noon + hours(2)) == 440);
}

TEST_CASE("a balance that rises by what another copy of the answer did not know yet begins no day") {
  credit_budget budget(a_day_with(500), limits_of("COMMUNITY"));
  const auto noon = day_change + hours(12);
  for (int i = 0; i < 100; ++i) budget.spend(both_at(noon));
  budget.see_account(left_until(400), noon);
  budget.see_account(left_until(403), noon + minutes(3));
  CHECK(budget.next_day(noon + minutes(3)) == day_change + days(1));
  CHECK(budget.used_today(noon + minutes(3)) == 100);
}

TEST_CASE("a day that was learnt goes on behind a restart, and what was counted before it does not spend it") {
  const auto reset = day_change + hours(14);
  credit_budget budget(a_day_with(500), limits_of("COMMUNITY"));
  const auto before = reset - hours(1);
  budget.see_account(left_until(500, reset), before);
  for (int i = 0; i < 440; ++i) budget.spend(both_at(before));
  const auto kept = budget.use(before);
  CHECK(kept.day_began == reset - days(1));

  credit_budget next_life(a_day_with(500), limits_of("COMMUNITY"));
  next_life.restore(kept, before + minutes(30));
  CHECK(next_life.left(before + minutes(30)) == 10);
  // `/me` was asked a little before the day began, and then again.
  next_life.see_account(left_until(60, reset), reset + minutes(2));
  CHECK(next_life.next_day(reset + minutes(2)) == reset + days(1));
  next_life.see_account(left_until(497, reset + days(1)), reset + minutes(10));
  CHECK(next_life.left(reset + minutes(10)) >= 440);
}

TEST_CASE("a clock that goes back over midnight takes the day before back, and what was spent counts there") {
  credit_budget budget(a_day_with(500), limits_of("COMMUNITY"));
  for (int i = 0; i < 440; ++i) budget.spend(both_at(day_change - minutes(5)));
  for (int i = 0; i < 5; ++i) budget.spend(both_at(day_change + seconds(30)));
  CHECK(budget.left(day_change + seconds(30)) == 445);
  budget.spend(both_at(day_change - seconds(70)));
  CHECK(budget.left(day_change - seconds(70)) == 4);
  CHECK(budget.left(day_change + seconds(1)) == 450);
}

TEST_CASE("whoever waits for credits is told when there are more of them, and only then") {
  rationing budget(a_day_with(500), limits_of("COMMUNITY"), {});
  int eased = 0;
  budget.when_eased([&] { ++eased; });
  const auto noon = day_change + hours(12);
  while (budget.spend(spend_on::live, both_at(noon)).leave_in) {
  }
  budget.hear(left_until(50), std::nullopt, noon);
  CHECK(eased == 0);
  budget.hear(left_until(480), std::nullopt, noon + hours(1));
  CHECK(eased == 1);
  budget.hear(left_until(480), std::nullopt, noon + hours(2));
  CHECK(eased == 1);
  budget.forget_key(noon + hours(2));
  CHECK(eased == 2);

  rationing by_plan({}, limits_of("COMMUNITY"), {});
  by_plan.when_eased([&] { ++eased; });
  account better = left_until(4990);
  better.plan = "PRO";
  by_plan.hear(better, limits_of("PRO"), noon);
  CHECK(eased == 3);
  by_plan.hear({}, limits_of("ENTERPRISE"), noon);
  CHECK(eased == 4);
}

TEST_CASE("whoever waits for the plan is told once it is known, even where it grants no more credits") {
  rationing budget({}, limits_of("COMMUNITY"), {});
  int eased = 0;
  budget.when_eased([&] { ++eased; });
  const auto noon = day_change + hours(12);
  CHECK_FALSE(budget.credits.certain_history(limits_of("COMMUNITY")).has_value());
  account same = left_until(500);
  same.plan = "COMMUNITY";
  budget.hear(same, limits_of("COMMUNITY"), noon);
  CHECK(eased == 1);
  CHECK(budget.credits.certain_history(limits_of("COMMUNITY")) == std::chrono::days(730));
  budget.hear(same, limits_of("COMMUNITY"), noon);
  CHECK(eased == 1);
}

TEST_CASE("whoever waits for an API that is away is told when it is back") {
  rationing budget(a_day_with(500), limits_of("COMMUNITY"), {});
  int eased = 0;
  budget.when_eased([&] { ++eased; });
  const auto noon = day_change + hours(12);
  error spent{errc::limit_reached, "401", {}, 401};
  REQUIRE(budget.spend(spend_on::live, both_at(noon)).leave_in);
  budget.failed(spent, spend_on::live, both_at(noon), 0.5);
  budget.answered(both_at(noon + minutes(1)));
  CHECK(eased == 1);
  budget.answered(both_at(noon + minutes(2)));
  CHECK(eased == 1);
}

namespace {

// An API that counts by its own day, and a daemon that lives several lives in it.
struct key_world {
  explicit key_world(unsigned seed) : dice(seed) {
    day_begins = hours(one_of({0, 0, 5, 14, 23}));
    tells_reset = one_of({0, 1}) == 1;
    // Where the API does not tell, an operator has to.
    settings = a_day_with(500, tells_reset && one_of({0, 1}) == 1 ? hours(0) : day_begins);
  }
  int one_of(std::initializer_list<int> of) {
    std::uniform_int_distribution<std::size_t> at(0, of.size() - 1);
    return *(of.begin() + static_cast<std::ptrdiff_t>(at(dice)));
  }
  utc_time day_of(utc_time t) const { return std::chrono::floor<days>(t - day_begins) + day_begins; }

  void note() { snapshots.emplace_back(now, left_until(500 - used - others, reset())); }
  std::optional<utc_time> reset() const {
    if (tells_reset) return day_of(now) + days(1);
    return now + days(80);  // the key's expiry
  }
  // As another of the API's processes may still have it.
  account me() {
    const auto age = seconds(one_of({0, 30, 290}));
    auto told = snapshots.front().second;
    for (const auto& [at, one] : snapshots) {
      if (at <= now - age) told = one;
    }
    return told;
  }
  void pass(seconds span) {
    const auto before = day_of(now);
    now += span;
    if (day_of(now) != before) used = others = 0;
    note();
  }

  std::mt19937 dice;
  budget_settings settings;
  seconds day_begins{};
  bool tells_reset = false;
  utc_time now = utc("2026-11-20T07:00:00Z");
  std::int64_t used = 0;
  std::int64_t others = 0;
  std::vector<std::pair<utc_time, account>> snapshots;
};

}  // namespace

TEST_CASE("whatever /me tells and whenever: no day is spent twice, and none is believed spent for long") {
  for (unsigned seed = 1; seed <= 150; ++seed) {
    CAPTURE(seed);
    key_world w(seed);
    w.note();
    credit_use kept;
    for (int life = 0; life < 12; ++life) {
      credit_budget budget(w.settings, limits_of("COMMUNITY"), [&](const credit_use& use) { kept = use; });
      budget.restore(kept, w.now);
      utc_time ask_at = w.now;
      utc_time well_at = w.now;
      const auto dies = w.now + minutes(w.one_of({3, 50, 400, 1500}));
      while (w.now < dies) {
        if (w.now >= ask_at) {
          budget.spend_in_any_case(both_at(w.now));
          ++w.used;
          budget.see_account(w.me(), w.now);
          // As learn_limits does: soon, where it told nothing of today; hourly, where nothing is left.
          const auto heard = budget.left(w.now) == 0 ? hours(1) : hours(6);
          ask_at = w.now + (budget.heard_of_account() ? minutes(heard) : minutes(1));
        }
        for (int i = 0; i < w.one_of({1, 1, 2, 60}); ++i) {
          const bool may = budget.spend(both_at(w.now)).leave_in.has_value();
          if (may) ++w.used;
          const bool wrongly = !may && w.used + w.others < 400;
          if (!wrongly) well_at = w.now;
        }
        // A tenth is theirs.
        if (w.others < 45 && w.one_of({0, 0, 0, 1}) == 1) ++w.others;
        REQUIRE(w.now - well_at <= minutes(100));
        CAPTURE(format_utc(w.now));
        // The questions to `/me` are asked even where nothing is left.
        REQUIRE(w.used <= 450 + 30);
        w.pass(minutes(w.one_of({1, 1, 5, 20})));
      }
    }
  }
}

TEST_CASE("F2: as long as nothing has answered, a silent /me is the API's silence; later it is /me's own") {
  const auto noon = both_at(day_change + hours(12));
  const auto fall_silent = [&](rationing& budget, spend_on purpose) {
    REQUIRE(budget.spend(purpose, noon).leave_in);
    error why{errc::timed_out, "GET /me: no answer within 15 s"};
    budget.failed(why, purpose, noon, 0.5);
  };
  const breaker_settings usual{{seconds(2), minutes(5)}, {minutes(2), hours(1)}, hours(1)};
  rationing budget(a_day_with(500), limits_of("COMMUNITY"), usual, {});
  fall_silent(budget, spend_on::account);
  REQUIRE(budget.api.outage() != nullptr);
  CHECK(budget.api.outage()->why == "GET /me: no answer within 15 s");
  CHECK(budget.api.outage()->since == noon.run);
  budget.answered(noon);
  fall_silent(budget, spend_on::account);
  CHECK(budget.api.outage() == nullptr);
  rationing other(a_day_with(500), limits_of("COMMUNITY"), usual, {});
  fall_silent(other, spend_on::live);  // it may be too large for it
  CHECK(other.api.outage() == nullptr);
}
