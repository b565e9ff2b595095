#include "async/clock.hpp"

#include <doctest/doctest.h>

using namespace oes;

TEST_CASE("a wait of a fast clock is never so short that it ends before its time") {
  clock_settings settings;
  settings.speed = 17280;
  const time_source clock(settings);
  for (const int left : {1, 5, 17, 18, 1000, 17281}) {
    const auto waited = clock.real(std::chrono::microseconds(left));
    CHECK(waited.count() >= 1);
    CHECK(static_cast<double>(waited.count()) * settings.speed >= left * 1000.0);
  }
  CHECK(clock.real(std::chrono::microseconds(0)).count() == 0);
}
