#include "groups/look_back.hpp"

#include <doctest/doctest.h>

#include "support/times.hpp"

using namespace oes;
using namespace oes::test;
using std::chrono::hours;

TEST_CASE("with each poll is always due, and so is what never came round") {
  CHECK(is_due({hours(1), {}, {}}, at("2026-11-23T10:00:00"), at("2026-11-23T10:00:01")));
  CHECK(is_due({hours(72), {}, {hours(6)}}, std::nullopt, at("2026-11-23T10:00:00")));
}

TEST_CASE("every two hours") {
  const re_read two_hourly{hours(12), hours(2), {}};
  CHECK(!is_due(two_hourly, at("2026-11-23T10:00:00"), at("2026-11-23T11:59:00")));
  CHECK(is_due(two_hourly, at("2026-11-23T10:00:00"), at("2026-11-23T12:00:00")));
}

TEST_CASE("at times of the day, network time, once each, however late the poll comes") {
  const re_read twice{hours(72), {}, {hours(6), hours(18)}};
  CHECK(!is_due(twice, at("2026-11-23T06:01:00"), at("2026-11-23T17:59:00")));
  CHECK(is_due(twice, at("2026-11-23T06:01:00"), at("2026-11-23T18:00:00")));
  CHECK(is_due(twice, at("2026-11-23T17:00:00"), at("2026-11-24T03:00:00")));
  CHECK(!is_due(twice, at("2026-11-24T03:00:00"), at("2026-11-24T05:59:00")));
  CHECK(is_due(twice, at("2026-11-20T03:00:00"), at("2026-11-24T05:59:00")));
}

TEST_CASE("C5: what came round in the future by a clock that was ahead holds back nothing") {
  const re_read two_hourly{hours(12), hours(2), {}};
  CHECK(is_due(two_hourly, at("2026-11-24T10:00:00"), at("2026-11-23T10:00:00")));
}
