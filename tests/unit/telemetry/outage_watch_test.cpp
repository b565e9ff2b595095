#include "telemetry/outage_watch.hpp"

#include <doctest/doctest.h>

using namespace oes;
using namespace std::chrono_literals;

TEST_CASE("E7: an outage is told at its beginning, every ten minutes with a count, and at its end") {
  const outage_watch::time_point start{};
  outage_watch kafka;
  CHECK_FALSE(kafka.over(start));
  const auto began = kafka.failed("refused", start);
  REQUIRE(began);
  CHECK(began->what == outage_news::kind::began);
  CHECK(began->why == "refused");
  int told = 0;
  std::optional<outage_news> last;
  for (auto at = start + 1s; at <= start + 25min; at += 1s) {
    if (auto news = kafka.failed("timed out", at)) {
      ++told;
      last = news;
    }
  }
  CHECK(told == 2);
  CHECK(last->what == outage_news::kind::goes_on);
  CHECK(last->failures == 1201);
  CHECK(last->lasted == 20min);
  CHECK(last->why == "timed out");
  const auto over = kafka.over(start + 26min);
  REQUIRE(over);
  CHECK(over->what == outage_news::kind::over);
  CHECK(over->lasted == 26min);
  CHECK_FALSE(kafka.over(start + 27min));
  CHECK(kafka.failed("again", start + 28min)->what == outage_news::kind::began);
}
