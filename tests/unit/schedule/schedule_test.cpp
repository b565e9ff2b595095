#include <doctest/doctest.h>

#include "schedule/backoff.hpp"
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
