#include "model/range_set.hpp"

#include <doctest/doctest.h>

#include "support/times.hpp"

using namespace oes;
using namespace oes::test;

namespace {
time_range hours_of(int from, int to) {
  const auto day = at("2026-11-23T00:00:00");
  return {day + std::chrono::hours(from), day + std::chrono::hours(to)};
}
}  // namespace

TEST_CASE("ranges that touch or overlap become one") {
  range_set set;
  set.add(hours_of(1, 2));
  set.add(hours_of(3, 4));
  set.add(hours_of(2, 3));
  CHECK(set.ranges() == std::vector<time_range>{hours_of(1, 4)});
  set.add(hours_of(6, 8));
  set.add(hours_of(0, 7));
  CHECK(set.ranges() == std::vector<time_range>{hours_of(0, 8)});
}

TEST_CASE("what is missing is what was never added") {
  range_set set;
  set.add(hours_of(2, 4));
  set.add(hours_of(6, 8));
  CHECK(set.missing(hours_of(0, 10)) == std::vector<time_range>{hours_of(0, 2), hours_of(4, 6), hours_of(8, 10)});
  CHECK(set.missing(hours_of(3, 7)) == std::vector<time_range>{hours_of(4, 6)});
  CHECK(set.missing(hours_of(2, 4)).empty());
}

TEST_CASE("removing from the middle leaves both ends") {
  range_set set;
  set.add(hours_of(0, 10));
  set.remove(hours_of(4, 5));
  CHECK(set.ranges() == std::vector<time_range>{hours_of(0, 4), hours_of(5, 10)});
  CHECK(set.contains(hours_of(3, 4).begin));
  CHECK_FALSE(set.contains(hours_of(4, 5).begin));
}

TEST_CASE("an empty range changes nothing") {
  range_set set;
  set.add(hours_of(3, 3));
  CHECK(set.empty());
}
