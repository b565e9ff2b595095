#include "schedule/credit_budget.hpp"

#include <doctest/doctest.h>

#include <limits>
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

// Both clocks, going together.
moment both(utc_time now) { return {now, run_time(now.time_since_epoch())}; }

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
  credit_budget budget(with(10, 0.9), limits_of("COMMUNITY"));
  for (int i = 0; i < 9; ++i) CHECK(budget.spend(both(noon)).leave_in);
  const auto refused = budget.spend(both(noon));
  CHECK_FALSE(refused.leave_in);
  CHECK(refused.again_in == hours(12));
  CHECK(budget.used_today(noon) == 9);
  CHECK(budget.spend(both(utc("2026-11-24T00:00:00Z"))).leave_in);
  CHECK(budget.used_today(utc("2026-11-24T00:00:01Z")) == 1);
}

TEST_CASE("the credit day begins when it is said to") {
  auto settings = with(10, 1);
  settings.resets_at = hours(14);
  credit_budget budget(settings, limits_of("COMMUNITY"));
  CHECK(budget.spend(both(noon)).leave_in);
  CHECK(budget.next_day(noon) == utc("2026-11-23T14:00:00Z"));
  CHECK(budget.used_today(utc("2026-11-23T14:00:00Z")) == 0);
}

TEST_CASE("requests leave no faster than the plan's rate") {
  credit_budget budget({}, limits_of("COMMUNITY"));
  CHECK(budget.spend(both(noon)).leave_in == milliseconds(0));
  CHECK(budget.spend(both(noon)).leave_in == milliseconds(500));
  CHECK(budget.spend(both(noon)).leave_in == milliseconds(1000));
  CHECK(budget.spend(both(noon + seconds(10))).leave_in == milliseconds(0));
}

TEST_CASE("each credit is written down before its request may leave") {
  std::vector<credit_use> written;
  credit_budget budget(with(10, 1), limits_of("COMMUNITY"), [&](const credit_use& use) { written.push_back(use); });
  budget.spend(both(noon));
  budget.spend(both(noon));
  CHECK(written == std::vector<credit_use>{{utc("2026-11-23T00:00:00Z"), 1}, {utc("2026-11-23T00:00:00Z"), 2}});
}

TEST_CASE("a restart goes on counting; another day's count is forgotten") {
  credit_budget budget(with(100, 1), limits_of("COMMUNITY"));
  budget.restore({utc("2026-11-23T00:00:00Z"), 99}, noon);
  budget.restore({utc("2026-11-23T00:00:00Z"), 50}, noon);  // an older copy
  CHECK(budget.spend(both(noon)).leave_in);
  CHECK_FALSE(budget.spend(both(noon)).leave_in);

  credit_budget next_day(with(100, 1), limits_of("COMMUNITY"));
  next_day.restore({utc("2026-11-22T00:00:00Z"), 99}, noon);
  CHECK(next_day.used_today(noon) == 0);
}

TEST_CASE("what others of the key spend beyond their share is not ours") {
  credit_budget budget(with(100, 0.9), limits_of("COMMUNITY"));
  budget.spend(both(noon));
  budget.see_account(with_left(94), noon);  // five by others: theirs to spend
  CHECK(budget.left(noon) == 89);
  budget.see_account(with_left(60), noon);  // 39 by others
  CHECK(budget.left(noon) == 60);
  budget.see_account(with_left(0), noon);
  CHECK_FALSE(budget.spend(both(noon)).leave_in);
}

TEST_CASE("a balance that has risen tells when the credit day begins") {
  credit_budget budget(with(100, 1), limits_of("COMMUNITY"));
  for (int i = 0; i < 50; ++i) budget.spend(both(noon));
  budget.see_account(with_left(50), noon);
  budget.see_account(with_left(99), noon + hours(2));
  CHECK(budget.next_day(noon + hours(2)) == noon + hours(26));
  CHECK(budget.left(noon + hours(2)) == 99);
}

TEST_CASE("the end of the day is believed where it can be one, and a key's expiry is not taken for it") {
  credit_budget budget(with(100, 1), limits_of("COMMUNITY"));
  account known = with_left(100);
  known.credits_reset = noon + hours(24 * 90);
  budget.see_account(known, noon);
  CHECK(budget.next_day(noon) == utc("2026-11-24T00:00:00Z"));
  known.credits_reset = noon + hours(3);
  budget.see_account(known, noon);
  CHECK(budget.next_day(noon) == noon + hours(3));
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
  while (budget.spend(spend_on::leftover, both(evening)).leave_in) ++had;
  CHECK(had > 800);
  CHECK(had <= 1000 - 144);

  rationing scarce(with(100, 1), limits_of("COMMUNITY"), {});
  scarce.join({minutes(5), minutes(5), 1, 0});
  had = 0;
  while (scarce.spend(spend_on::leftover, both(utc("2026-11-23T00:00:00Z"))).leave_in) ++had;
  CHECK(had == 10);
}

TEST_CASE(
    "a pass over gaps leaves the live polls what they want, and has a tenth of a scarce day beside a backfill's") {
  rationing budget(with(1000, 1), limits_of("COMMUNITY"), {});
  const auto evening = utc("2026-11-23T12:00:00Z");
  budget.join({minutes(5), minutes(5), 1, 0});  // wants 144 until midnight
  int had = 0;
  while (budget.spend(spend_on::gaps, both(evening)).leave_in) ++had;
  CHECK(had > 800);
  CHECK(had <= 1000 - 144);

  rationing scarce(with(100, 1), limits_of("COMMUNITY"), {});
  scarce.join({minutes(5), minutes(5), 1, 0});
  for (const auto purpose : {spend_on::gaps, spend_on::leftover}) {
    had = 0;
    while (scarce.spend(purpose, both(utc("2026-11-23T00:00:00Z"))).leave_in) ++had;
    CHECK(had == 10);
  }
}

TEST_CASE("re-reads that no poll has room for are counted: what is left is what the polls are stretched to") {
  rationing budget(with(288 + 144, 1), limits_of("COMMUNITY"), {});
  const auto morning = utc("2026-11-23T00:00:00Z");
  const auto seat = budget.join({minutes(5), minutes(5), 1, 0, 144});
  const auto granted = budget.pace(seat, morning).granted;
  CHECK(granted > minutes(5));  // the reserve alone
  CHECK(granted < minutes(6));
  rationing scarce(with(288, 1), limits_of("COMMUNITY"), {});
  CHECK(scarce.pace(scarce.join({minutes(5), minutes(5), 1, 0, 144}), morning).granted > minutes(10));
}

TEST_CASE("F1: a plan and a count are remembered together, and a spent share does not keep /me back") {
  std::vector<credit_use> written;
  credit_budget budget({}, limits_of("PRO"), [&](const credit_use& use) { written.push_back(use); });
  budget.know_plan("PRO");
  budget.spend(both(noon));
  CHECK(written.back().plan == "PRO");

  // The next life does not know the plan (or it is another one): 477 of 450.
  credit_budget community({}, limits_of("COMMUNITY"));
  community.restore({utc("2026-11-23T00:00:00Z"), 477, ""}, noon);
  CHECK_FALSE(community.spend(both(noon)).leave_in);
  CHECK(community.spend_in_any_case(both(noon)).leave_in);
  account told = with_left(4522);
  told.plan = "PRO";
  community.adopt(limits_of(told.plan));
  community.see_account(told, noon);
  CHECK(community.spend(both(noon)).leave_in);
  CHECK(community.left(noon) == 4500 - 479);
}

TEST_CASE("F1: another plan's larger balance is not taken for the beginning of a day") {
  credit_budget budget({}, limits_of("COMMUNITY"));
  for (int i = 0; i < 400; ++i) budget.spend(both(noon));
  budget.see_account(with_left(100), noon);
  budget.adopt(limits_of("PRO"));
  budget.see_account(with_left(4600), noon + hours(1));
  CHECK(budget.used_today(noon + hours(1)) == 400);
  CHECK(budget.next_day(noon + hours(1)) == utc("2026-11-24T00:00:00Z"));
}

TEST_CASE("F5: absurd balances do no arithmetic") {
  credit_budget budget(with(100, 1), limits_of("COMMUNITY"));
  budget.spend(both(noon));
  for (const auto remaining : {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()}) {
    budget.see_account(with_left(remaining), noon);
    CHECK(budget.left(noon) >= 0);
    CHECK(budget.left(noon) <= 100);
  }
}

TEST_CASE("F2: another key begins anew") {
  credit_budget budget({}, limits_of("COMMUNITY"));
  budget.know_plan("COMMUNITY");
  for (int i = 0; i < 450; ++i) budget.spend(both(noon));
  budget.see_account(with_left(0), noon);
  CHECK_FALSE(budget.spend(both(noon)).leave_in);
  budget.forget_key();
  CHECK(budget.spend(both(noon)).leave_in);
  CHECK(budget.known_plan().empty());
  CHECK_FALSE(budget.heard_of_account());
}

TEST_CASE("E5: maintenance and a connection that is not made cost no credit, all else does") {
  rationing budget(with(100, 1), limits_of("COMMUNITY"), {});
  int minute = 0;
  const auto used_after = [&](error why) {
    const auto at = both(noon + minutes(++minute));
    REQUIRE(budget.spend(spend_on::live, at).leave_in);
    budget.failed(why, spend_on::live, at, 0.0);
    budget.answered(at);
    return budget.credits.used_today(noon);
  };
  CHECK(used_after({errc::server_error, "503 Maintenance Mode", {}, 503}) == 0);
  CHECK(used_after({errc::unreachable, "connect: refused"}) == 0);
  CHECK(used_after({errc::server_error, "500", {}, 500}) == 1);
  CHECK(used_after({errc::timed_out, "not in time"}) == 2);
  CHECK(used_after({errc::network_error, "reset"}) == 3);
  CHECK(used_after({errc::not_yet, "404", {}, 404}) == 4);
  CHECK(used_after({errc::limit_reached, "401", {}, 401}) == 5);
}

TEST_CASE("a request that cost nothing does not use up what a backfill has of the day") {
  rationing budget(with(100, 1), limits_of("COMMUNITY"), {});
  budget.join({minutes(5), minutes(5), 1, 0});  // live polls want more than the day has
  const auto before = budget.spare(noon);
  REQUIRE(before == 10);
  for (int minute = 1; minute <= 20; ++minute) {
    const auto at = both(noon + minutes(minute));
    REQUIRE(budget.spend(spend_on::leftover, at).leave_in);
    error away{errc::server_error, "503 Maintenance Mode", {}, 503};
    budget.failed(away, spend_on::leftover, at, 0.0);
    budget.answered(at);
  }
  CHECK(budget.credits.used_today(noon) == 0);
  CHECK(budget.spare(noon) == before);
}

TEST_CASE("E5: a limit that is spent is tried again when its day begins") {
  rationing budget(with(100, 1), limits_of("COMMUNITY"), {{}, {hours(1), hours(1)}, hours(1)});
  const auto late = both(utc("2026-11-23T23:40:00Z"));
  REQUIRE(budget.spend(spend_on::live, late).leave_in);
  error why{errc::limit_reached, "401", {}, 401};
  budget.failed(why, spend_on::live, late, 0.0);
  CHECK(why.retry_after == minutes(20) + seconds(5));
  const auto others = budget.spend(spend_on::live, both(late.now + minutes(1)));
  CHECK_FALSE(others.leave_in);
  CHECK(others.code == errc::limit_reached);
  CHECK(budget.credits.used_today(late.now) == 1);
}

TEST_CASE("E5: /me is asked past what refuses the key; its answer ends a bad key's wait, not a limit on data") {
  const auto at = both(noon);
  for (const auto code : {errc::bad_key, errc::limit_reached}) {
    rationing budget(with(100, 1), limits_of("COMMUNITY"), {{}, {hours(1), hours(1)}, hours(1)});
    bool eased = false;
    budget.when_eased([&] { eased = true; });
    REQUIRE(budget.spend(spend_on::live, at).leave_in);
    error why{code, "401", {}, 401};
    budget.failed(why, spend_on::live, at, 0.0);
    CHECK_FALSE(budget.spend(spend_on::live, at).leave_in);
    CHECK(budget.spend(spend_on::account, at).leave_in);
    budget.account_answered(at);
    CHECK(eased == (code == errc::bad_key));
    CHECK(budget.spend(spend_on::live, at).leave_in.has_value() == (code == errc::bad_key));
  }
  rationing away(with(100, 1), limits_of("COMMUNITY"), {{}, {}, hours(1)});
  REQUIRE(away.spend(spend_on::live, at).leave_in);
  error gone{errc::unreachable, "connection refused"};
  away.failed(gone, spend_on::live, at, 0.0);
  CHECK_FALSE(away.spend(spend_on::account, at).leave_in);
}

TEST_CASE("E6: what others have spent is not called our share") {
  rationing budget(with(450, 1), limits_of("COMMUNITY"), {});
  budget.join({minutes(5), minutes(5), 1, 0});
  REQUIRE(budget.spend(spend_on::live, both(noon)).leave_in);
  budget.hear(with_left(0), std::nullopt, noon);
  CHECK(budget.spend(spend_on::live, both(noon)).why == "others have spent the API key's credits");
  CHECK(budget.outlook(noon).by_others);
  rationing own(with(2, 1), limits_of("COMMUNITY"), {});
  own.join({minutes(5), minutes(5), 1, 0});
  for (int i = 0; i < 2; ++i) REQUIRE(own.spend(spend_on::live, both(noon)).leave_in);
  CHECK(own.spend(spend_on::live, both(noon)).why == "the day's share of credits is spent");
  CHECK_FALSE(own.outlook(noon).by_others);
}

TEST_CASE("E6: with the day's credits spent no number is absurd, and it is said when polls go on") {
  rationing budget(with(450, 1), limits_of("COMMUNITY"), {});
  for (int i = 0; i < 7; ++i) budget.join({minutes(5), minutes(5), 1, i == 0 ? 1 : 0});
  const auto evening = utc("2026-11-23T18:00:00Z");
  CHECK_FALSE(budget.outlook(evening).spent);
  while (budget.spend(spend_on::live, both(evening)).leave_in) {
    const auto outlook = budget.outlook(evening);
    CHECK(outlook.stretch <= 2 * 6 * 12);
    for (std::size_t i = 0; i < 7; ++i) CHECK(budget.pace(i, evening).granted <= hours(6));
  }
  const auto outlook = budget.outlook(evening);
  CHECK(outlook.spent);
  CHECK(outlook.left == 0);
  CHECK(outlook.used == 450);
  CHECK(outlook.per_day == 450);
  CHECK(outlook.day_ends == utc("2026-11-24T00:00:00Z"));
  CHECK_FALSE(budget.outlook(outlook.day_ends).spent);
}

TEST_CASE("C4: a wall clock that steps changes no wait of the budget") {
  rationing budget(with(1000, 1), limits_of("COMMUNITY"), {});
  const run_time run(hours(5));
  REQUIRE(budget.spend(spend_on::live, {noon, run}).leave_in);
  for (const seconds step : {seconds(-hours(2)), seconds(-100), seconds(hours(3)), seconds(-hours(30))}) {
    const auto next = budget.spend(spend_on::live, {noon + step, run + minutes(5)});
    CHECK(next.leave_in.value_or(hours(1)) <= seconds(2));
  }
  error away{errc::unreachable, "connect"};
  budget.failed(away, spend_on::live, {noon, run + minutes(6)}, 0.0);
  const auto waits = budget.spend(spend_on::live, {noon - hours(2), run + minutes(6)});
  REQUIRE_FALSE(waits.leave_in);
  CHECK(waits.again_in <= seconds(2));
}

TEST_CASE("C5: a count that a clock in the future made is not lost, and not counted for ever") {
  credit_budget budget(with(100, 1), limits_of("COMMUNITY"));
  budget.restore({utc("2026-11-24T00:00:00Z"), 70, ""}, noon);  // of tomorrow
  CHECK(budget.used_today(noon) == 70);
  CHECK(budget.used_today(utc("2026-11-24T00:00:01Z")) == 0);

  for (int i = 0; i < 20; ++i) budget.spend(both(noon + hours(24)));
  CHECK(budget.used_today(noon + hours(24)) == 20);
  budget.spend(both(noon));  // the clock is corrected: all of it was today
  CHECK(budget.used_today(noon) == 91);
  CHECK(budget.used_today(noon + hours(24)) == 0);
}
