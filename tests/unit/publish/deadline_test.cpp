#include "publish/deadline.hpp"

#include <doctest/doctest.h>

using namespace oes;
using std::chrono::hours;
using std::chrono::milliseconds;

TEST_CASE("work goes on until its deadline, in calls that never take longer than asked") {
  const stop_request none;
  const deadline long_one(steady_now() + hours(1), none);
  CHECK_FALSE(long_one.over());
  CHECK(long_one.slice_ms(milliseconds(200)) == 200);
  const deadline past(steady_now() - hours(1), none);
  CHECK(past.over());
  CHECK(past.slice_ms(milliseconds(200)) == 1);
}

TEST_CASE("a stop pulls every deadline in, and can be withdrawn") {
  stop_request stop;
  const deadline work(steady_now() + hours(1), stop);
  stop.ask(milliseconds(0));
  CHECK(stop.asked());
  CHECK(work.over());
  stop.withdraw();
  CHECK_FALSE(work.over());
}
