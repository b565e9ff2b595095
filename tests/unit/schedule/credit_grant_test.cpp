#include "schedule/credit_grant.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <random>
#include <vector>

#include "support/times.hpp"

using namespace oes;
using namespace oes::test;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

const auto day_one = utc("2026-11-23T00:00:00Z");

moment looked_at(utc_time now) { return {now, run_time(now.time_since_epoch())}; }

budget_settings all_of(std::int64_t credits) {
  budget_settings settings;
  settings.credits_per_day = credits;
  settings.share = 1;
  return settings;
}

// A day of which live polls want all.
struct scarce_days {
  explicit scarce_days(std::int64_t credits) : budget(all_of(credits), limits_of("COMMUNITY"), {}) {
    budget.join({minutes(5), minutes(5), 1, 0});
  }
  // How many of these windows are granted at once, one after the other.
  std::size_t granted(const std::vector<std::size_t>& windows, utc_time now) {
    std::size_t count = 0;
    for (const auto requests : windows) {
      credit_grant credits(budget, spend_on::leftover, requests);
      for (std::size_t i = 0; i < requests; ++i) {
        if (!credits.next(looked_at(now)).leave_in) return count;
      }
      ++count;
    }
    return count;
  }

  rationing budget;
};

}  // namespace

TEST_CASE("F: requests that go together are granted all or none, and what is granted is nobody else's") {
  rationing budget(all_of(10), limits_of("COMMUNITY"), {});
  const auto at = looked_at(day_one + hours(1));
  {
    credit_grant most(budget, spend_on::live, 8);
    REQUIRE(most.next(at).leave_in);
    CHECK(budget.credits.used_today(at.now) == 1);  // as many as have left
    CHECK(budget.credits.left(at.now) == 2);

    credit_grant others(budget, spend_on::live, 3);
    const auto refused = others.next(at);
    CHECK_FALSE(refused.leave_in);
    CHECK(refused.why == "what is left of the day's share of credits does not pay 3 requests that go together");
    CHECK(refused.again_in == hours(23));
    CHECK(budget.credits.used_today(at.now) == 1);
    CHECK(budget.spend(spend_on::live, at).leave_in);
    CHECK(budget.spend(spend_on::live, at).leave_in);
    CHECK_FALSE(budget.spend(spend_on::live, at).leave_in);

    for (int i = 0; i < 4; ++i) CHECK(most.next(at).leave_in);
    CHECK(budget.credits.used_today(at.now) == 7);
    CHECK(budget.credits.left(at.now) == 0);
  }
  // It failed in the middle: what it has not asked for is free again.
  CHECK(budget.credits.used_today(at.now) == 7);
  CHECK(budget.credits.left(at.now) == 3);
}

TEST_CASE("F: one request more than was granted is let go, and counts") {
  rationing budget(all_of(2), limits_of("COMMUNITY"), {});
  const auto at = looked_at(day_one);
  credit_grant credits(budget, spend_on::live, 2);
  for (int i = 0; i < 3; ++i) CHECK(credits.next(at).leave_in);
  CHECK(budget.credits.used_today(at.now) == 3);
  CHECK_FALSE(budget.spend(spend_on::live, at).leave_in);
}

TEST_CASE("requests that were granted together leave no faster than others, and count in the day in which they do") {
  rationing budget(all_of(10), limits_of("COMMUNITY"), {});
  const auto before = looked_at(day_one - seconds(1));
  credit_grant credits(budget, spend_on::live, 4);
  CHECK(credits.next(before).leave_in == milliseconds(0));
  CHECK(credits.next(before).leave_in == milliseconds(500));
  CHECK(budget.spend(spend_on::live, before).leave_in == milliseconds(1000));  // others need not wait for all
  const auto after = looked_at(day_one + seconds(1));
  CHECK(budget.credits.left(after.now) == 8);
  CHECK(credits.next(after).leave_in);
  CHECK(budget.credits.used_today(after.now) == 1);
  CHECK(budget.credits.left(after.now) == 8);
}

TEST_CASE("F: no request that was granted leaves while the API is away") {
  rationing budget(all_of(10), limits_of("COMMUNITY"), {});
  const auto at = looked_at(day_one);
  credit_grant credits(budget, spend_on::live, 3);
  REQUIRE(credits.next(at).leave_in);
  error away{errc::unreachable, "connect"};
  budget.failed(away, spend_on::live, at, 0.5);
  const auto waits = credits.next(looked_at(day_one + milliseconds(1)));
  CHECK_FALSE(waits.leave_in);
  CHECK(waits.code == errc::unreachable);
  const auto probe = looked_at(day_one + minutes(1));
  REQUIRE(credits.next(probe).leave_in);
  budget.answered(probe);
  CHECK(credits.next(probe).leave_in);
  CHECK(budget.credits.used_today(at.now) == 2);  // the first one cost nothing
}

TEST_CASE("F: a tenth of the day that does not pay a window is saved up until it does") {
  scarce_days w(90);
  CHECK(w.granted({12}, day_one) == 0);
  CHECK(w.granted({12, 12}, day_one + days(1)) == 1);  // 18, of which 6 are left
  CHECK(w.granted({12, 12}, day_one + days(2)) == 1);
  CHECK(w.granted({12, 12}, day_one + days(3)) == 1);
  CHECK(w.granted({12}, day_one + days(4)) == 0);
  // Nothing is saved of days on which nobody waited.
  w.granted({1}, day_one + days(5));
  w.granted({1}, day_one + days(6));
  w.granted({1}, day_one + days(7));
  CHECK(w.granted({12}, day_one + days(8)) == 0);
}

TEST_CASE("F: no more is saved than a whole day's share, and what no day pays says so") {
  scarce_days w(90);
  for (int day = 0; day < 30; ++day) w.granted({89}, day_one + days(day));
  CHECK(w.budget.spare(day_one + days(29)) <= 90);
  credit_grant credits(w.budget, spend_on::leftover, 91);
  const auto refused = credits.next(looked_at(day_one));
  CHECK(refused.why == "a day's share of credits (90) never pays 91 requests that go together");
  CHECK_FALSE(w.budget.days_for({12, 91}, day_one).has_value());
}

TEST_CASE("F: the days that a backfill is said to take are those that it takes") {
  std::mt19937 dice(1);
  const auto one_to = [&dice](int most) { return std::uniform_int_distribution<int>(1, most)(dice); };
  for (int run = 0; run < 300; ++run) {
    CAPTURE(run);
    rationing budget(all_of(one_to(600)), limits_of("COMMUNITY"), {});
    for (int i = one_to(3); i > 1; --i) budget.join({minutes(5 * one_to(20)), minutes(5), one_to(15), 0});
    const auto most = std::min<std::int64_t>(30, *budget.credits.per_day());
    std::vector<std::size_t> windows;
    for (int i = one_to(12); i > 0; --i) windows.push_back(static_cast<std::size_t>(one_to(static_cast<int>(most))));
    auto now = day_one + minutes(one_to(1439));
    for (int i = one_to(20); i > 1; --i) budget.spend(spend_on::live, looked_at(now));
    const auto said = budget.days_for(windows, now);
    REQUIRE(said);
    std::int64_t took = 1;
    for (std::size_t done = 0; done < windows.size();) {
      if (budget.spend(spend_on::leftover, looked_at(now), static_cast<std::int64_t>(windows[done])).leave_in) {
        for (std::size_t i = 1; i < windows[done]; ++i) budget.spend_granted(looked_at(now));
        ++done;
        continue;
      }
      ++took;
      now = budget.credits.next_day(now);
      REQUIRE(took < 1000);
    }
    CHECK(took == *said);
  }
}
