// E1: how long a stream that ended the process waits.
#include "schedule/quarantine.hpp"

#include <doctest/doctest.h>

using namespace oes;
using namespace std::chrono_literals;

TEST_CASE("E1: the first end may have been chance; after two in a row it waits, and longer after each further one") {
  CHECK_FALSE(quarantine_left(0, 0s).has_value());
  CHECK_FALSE(quarantine_left(1, 0s).has_value());
  CHECK(quarantine_left(2, 0s) == 5min);
  CHECK(quarantine_left(3, 0s) == 10min);
  CHECK(quarantine_left(7, 0s) == 160min);
  CHECK(quarantine_left(8, 0s) == 320min);
  CHECK(quarantine_left(9, 0s) == 6h);
  CHECK(quarantine_left(1'000'000, 0s) == 6h);
}

TEST_CASE("E1: what has passed since the last one counts, and a clock that was set does not make it longer") {
  CHECK(quarantine_left(2, 2min) == 3min);
  CHECK_FALSE(quarantine_left(2, 5min).has_value());
  CHECK_FALSE(quarantine_left(3, 24h).has_value());
  CHECK(quarantine_left(2, -72h) == 5min);
}
