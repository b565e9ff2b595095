#include "schedule/credit_budget.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "schedule/rationing.hpp"
#include "support/times.hpp"

using namespace oes;
using namespace oes::test;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

const auto noon = utc("2026-11-23T12:00:00Z");

budget_settings with(std::int64_t credits, double share) {
  budget_settings settings;
  settings.credits_per_day = credits;
  settings.share = share;
  return settings;
}

account with_left(std::int64_t remaining) {
  account known;
  known.credits_remaining = remaining;
  return known;
}

}  // namespace

TEST_CASE("the day's share of credits is never exceeded and comes back at the reset") {
  credit_budget budget(with(10, 0.9), limits_of("COMMUNITY"), {});
  for (int i = 0; i < 9; ++i) CHECK(budget.spend(noon).leave);
  const auto refused = budget.spend(noon);
  CHECK_FALSE(refused.leave);
  CHECK(refused.ask_again == utc("2026-11-24T00:00:00Z"));
  CHECK(budget.used_today(noon) == 9);
  CHECK(budget.spend(utc("2026-11-24T00:00:00Z")).leave);
  CHECK(budget.used_today(utc("2026-11-24T00:00:01Z")) == 1);
}

TEST_CASE("the credit day begins when it is said to") {
  auto settings = with(10, 1);
  settings.resets_at = hours(14);
  credit_budget budget(settings, limits_of("COMMUNITY"), {});
  CHECK(budget.spend(noon).leave);
  CHECK(budget.next_day(noon) == utc("2026-11-23T14:00:00Z"));
  CHECK(budget.used_today(utc("2026-11-23T14:00:00Z")) == 0);
}

TEST_CASE("requests leave no faster than the plan's rate") {
  credit_budget budget({}, limits_of("COMMUNITY"), {});
  CHECK(budget.spend(noon).leave == noon);
  CHECK(budget.spend(noon).leave == noon + milliseconds(500));
  CHECK(budget.spend(noon).leave == noon + milliseconds(1000));
  CHECK(budget.spend(noon + seconds(10)).leave == noon + seconds(10));
}

TEST_CASE("each credit is written down before its request may leave") {
  std::vector<credit_use> written;
  credit_budget budget(with(10, 1), limits_of("COMMUNITY"), {}, [&](const credit_use& use) { written.push_back(use); });
  budget.spend(noon);
  budget.spend(noon);
  CHECK(written == std::vector<credit_use>{{utc("2026-11-23T00:00:00Z"), 1}, {utc("2026-11-23T00:00:00Z"), 2}});
}

TEST_CASE("a restart goes on counting; another day's count is forgotten") {
  credit_budget budget(with(100, 1), limits_of("COMMUNITY"), {});
  budget.restore({utc("2026-11-23T00:00:00Z"), 99}, noon);
  budget.restore({utc("2026-11-23T00:00:00Z"), 50}, noon);  // an older copy
  CHECK(budget.spend(noon).leave);
  CHECK_FALSE(budget.spend(noon).leave);

  credit_budget next_day(with(100, 1), limits_of("COMMUNITY"), {});
  next_day.restore({utc("2026-11-22T00:00:00Z"), 99}, noon);
  CHECK(next_day.used_today(noon) == 0);
}

TEST_CASE("what others of the key spend beyond their share is not ours") {
  credit_budget budget(with(100, 0.9), limits_of("COMMUNITY"), {});
  budget.spend(noon);
  budget.see_account(with_left(94), noon);  // five by others: theirs to spend
  CHECK(budget.left(noon) == 89);
  budget.see_account(with_left(60), noon);  // 39 by others
  CHECK(budget.left(noon) == 60);
  budget.see_account(with_left(0), noon);
  CHECK_FALSE(budget.spend(noon).leave);
}

TEST_CASE("a balance that has risen tells when the credit day begins") {
  credit_budget budget(with(100, 1), limits_of("COMMUNITY"), {});
  for (int i = 0; i < 50; ++i) budget.spend(noon);
  budget.see_account(with_left(50), noon);
  budget.see_account(with_left(99), noon + hours(2));
  CHECK(budget.next_day(noon + hours(2)) == noon + hours(26));
  CHECK(budget.left(noon + hours(2)) == 99);
}

TEST_CASE("the end of the day is believed where it can be one, and a key's expiry is not taken for it") {
  credit_budget budget(with(100, 1), limits_of("COMMUNITY"), {});
  account known = with_left(100);
  known.credits_reset = noon + hours(24 * 90);
  budget.see_account(known, noon);
  CHECK(budget.next_day(noon) == utc("2026-11-24T00:00:00Z"));
  known.credits_reset = noon + hours(3);
  budget.see_account(known, noon);
  CHECK(budget.next_day(noon) == noon + hours(3));
}

TEST_CASE("a key that is refused is asked for by nobody, then by one, and after an answer by all") {
  credit_budget budget(with(100, 1), limits_of("COMMUNITY"), {minutes(2), hours(1)});
  budget.spend(noon);
  const auto until = budget.refused(noon, 0.0);
  CHECK(until == noon + minutes(2));
  CHECK(budget.spend(noon + minutes(1)).ask_again == until);
  CHECK(budget.spend(until).leave);
  CHECK_FALSE(budget.spend(until + seconds(1)).leave);
  CHECK(budget.refused(until, 0.0) == until + minutes(4));
  budget.answered();
  CHECK(budget.spend(until + seconds(2)).leave);
  CHECK(budget.spend(until + seconds(2)).leave);
}

TEST_CASE("a refused key is tried again when its day begins") {
  credit_budget budget(with(100, 1), limits_of("COMMUNITY"), {hours(1), hours(1)});
  const auto late = utc("2026-11-23T23:40:00Z");
  budget.spend(late);
  CHECK(budget.refused(late, 0.0) == utc("2026-11-24T00:00:05Z"));
}

TEST_CASE("triggers are stretched evenly until the day's credits last") {
  rationing budget(with(480, 1), limits_of("COMMUNITY"), {});
  const auto midnight = utc("2026-11-23T00:00:00Z");
  for (int i = 0; i < 4; ++i) budget.join({minutes(5), minutes(5), 1, 0});
  const auto granted = budget.pace(0, midnight).granted;
  CHECK(granted == budget.pace(3, midnight).granted);
  // A little is kept back for catch-up and retries.
  CHECK(granted > minutes(12));
  CHECK(granted < minutes(13));
}

TEST_CASE("a stream of higher priority is polled twice as often as the others") {
  rationing budget(with(480, 1), limits_of("COMMUNITY"), {});
  const auto midnight = utc("2026-11-23T00:00:00Z");
  const auto first = budget.join({minutes(5), minutes(5), 1, 1});
  const auto second = budget.join({minutes(5), minutes(5), 1, 0});
  const auto third = budget.join({minutes(5), minutes(5), 1, 0});
  const auto twice = budget.pace(second, midnight).granted / budget.pace(first, midnight).granted;
  CHECK(twice == doctest::Approx(2).epsilon(0.01));
  CHECK(budget.pace(second, midnight).granted == budget.pace(third, midnight).granted);
}

TEST_CASE("what one group cannot use the others get") {
  rationing budget(with(300, 1), limits_of("COMMUNITY"), {});
  const auto midnight = utc("2026-11-23T00:00:00Z");
  const auto live = budget.join({minutes(5), minutes(5), 1, 0});
  const auto slow = budget.join({minutes(5), minutes(5), 1, 0});
  const auto before = budget.pace(live, midnight).granted;
  budget.learn(slow, hours(2), 1);  // its data comes in batches
  CHECK(budget.pace(live, midnight).granted < before * 6 / 10);
}

TEST_CASE("enough credits: nothing is stretched") {
  rationing budget(with(2000, 0.9), limits_of("ACADEMIC"), {});
  for (int i = 0; i < 4; ++i) budget.join({minutes(5), minutes(5), 1, 0});
  CHECK(budget.pace(0, utc("2026-11-23T00:00:00Z")).granted == minutes(5));
  rationing unlimited({}, limits_of("ENTERPRISE"), {});
  unlimited.join({minutes(5), minutes(5), 1, 0});
  CHECK(unlimited.pace(0, noon).granted == minutes(5));
}

TEST_CASE("a backfill leaves the live polls of the day what they want, and still gets a tenth of a scarce day") {
  rationing budget(with(1000, 1), limits_of("COMMUNITY"), {});
  const auto evening = utc("2026-11-23T12:00:00Z");
  budget.join({minutes(5), minutes(5), 1, 0});  // wants 144 until midnight
  int had = 0;
  while (budget.spend(spend_on::backfill, evening).leave) ++had;
  CHECK(had > 800);
  CHECK(had <= 1000 - 144);

  rationing scarce(with(100, 1), limits_of("COMMUNITY"), {});
  scarce.join({minutes(5), minutes(5), 1, 0});
  had = 0;
  while (scarce.spend(spend_on::backfill, utc("2026-11-23T00:00:00Z")).leave) ++had;
  CHECK(had == 10);
}
