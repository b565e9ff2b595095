#include <doctest/doctest.h>

#include "schedule/backoff.hpp"
#include "schedule/credit_budget.hpp"
#include "schedule/trigger.hpp"
#include "support/times.hpp"

using namespace oes;
using namespace oes::test;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

TEST_CASE("triggers are aligned to the interval, offset and scattered, and never in the past") {
  const trigger_settings every_five{minutes(5), seconds(70), seconds(10)};
  CHECK(next_trigger(utc("2026-11-23T00:03:00Z"), every_five, 0.0) == utc("2026-11-23T00:06:10Z"));
  CHECK(next_trigger(utc("2026-11-23T00:06:10Z"), every_five, 0.0) == utc("2026-11-23T00:11:10Z"));
  CHECK(next_trigger(utc("2026-11-23T00:06:09Z"), every_five, 0.5) == utc("2026-11-23T00:06:15Z"));
}

TEST_CASE("backoff doubles to its cap, jitters over the whole span, and starts over after a success") {
  backoff wait({seconds(2), seconds(10)});
  CHECK(wait.next(0.0) == seconds(2));
  CHECK(wait.next(0.0) == seconds(4));
  CHECK(wait.next(0.5) == seconds(4));
  CHECK(wait.next(0.0) == seconds(10));
  CHECK(wait.next(0.999999) >= milliseconds(1));
  wait.reset();
  CHECK(wait.next(0.0) == seconds(2));
}

TEST_CASE("backoff does not overflow after days of failures") {
  backoff wait({seconds(2), minutes(5)});
  for (int i = 0; i < 10'000; ++i) wait.next(0.3);
  CHECK(wait.next(0.0) == minutes(5));
}

TEST_CASE("the day's share of credits is never exceeded and comes back at the reset") {
  budget_settings settings;
  settings.credits_per_day = 10;
  settings.share = 0.9;
  credit_budget budget(settings, limits_of("COMMUNITY"));
  const auto noon = utc("2026-11-23T12:00:00Z");
  for (int i = 0; i < 9; ++i) CHECK(budget.spend(noon));
  CHECK_FALSE(budget.spend(noon));
  CHECK(budget.used_today(noon) == 9);
  CHECK(budget.next_day(noon) == utc("2026-11-24T00:00:00Z"));
  CHECK(budget.spend(utc("2026-11-24T00:00:00Z")));
  CHECK(budget.used_today(utc("2026-11-24T00:00:01Z")) == 1);
}

TEST_CASE("requests leave no faster than the plan's rate") {
  credit_budget budget({}, limits_of("COMMUNITY"));
  const auto now = utc("2026-11-23T12:00:00Z");
  CHECK(budget.spend(now) == now);
  CHECK(budget.spend(now) == now + milliseconds(500));
  CHECK(budget.spend(now) == now + milliseconds(1000));
  CHECK(budget.spend(now + seconds(10)) == now + seconds(10));
}

TEST_CASE("credits spent elsewhere today count") {
  budget_settings settings;
  settings.credits_per_day = 100;
  settings.share = 1.0;
  credit_budget budget(settings, limits_of("COMMUNITY"));
  const auto noon = utc("2026-11-23T12:00:00Z");
  budget.assume_used(noon, 99);
  CHECK(budget.spend(noon));
  CHECK_FALSE(budget.spend(noon));
}
