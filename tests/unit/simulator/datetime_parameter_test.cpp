#include "simulator/datetime_parameter.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace oes::sim;

namespace {
// The naive time, "aware", or the reason.
std::string read(std::string_view text) {
  const auto parsed = parse_datetime_parameter(text);
  if (const auto* naive = std::get_if<oes::network_time>(&parsed)) return oes::format(*naive);
  if (std::holds_alternative<aware_datetime>(parsed)) return "aware";
  return std::string(std::get<not_a_datetime>(parsed).reason);
}
}  // namespace

TEST_CASE("dates are read as generously as the API reads them") {
  CHECK(read("2026-11-22T10:05:00") == "2026-11-22T10:05:00");
  CHECK(read("2026-11-22 10:05") == "2026-11-22T10:05:00");
  CHECK(read("2026-11-22") == "2026-11-22T00:00:00");
  CHECK(read("2026-11-22T10:05:00.123456") == "2026-11-22T10:05:00");
}

TEST_CASE("an offset, a Z and a bare number make a date aware") {
  CHECK(read("2026-11-22T10:05:00Z") == "aware");
  CHECK(read("2026-11-22T10:05:00+10:00") == "aware");
  CHECK(read("2026-11-22T10:05:00-0730") == "aware");
  CHECK(read("1795400000") == "aware");
  CHECK(read("20261122") == "aware");
}

TEST_CASE("what is no date is refused in the API's words") {
  CHECK(read("yesterday") == "input is too short");
  CHECK(read("") == "input is too short");
  CHECK(read("the day before") == "invalid character in year");
  CHECK(read("2026/11/22T00:00:00") == "invalid date separator, expected `-`");
  CHECK(read("2026-13-01T00:00:00") == "month value is outside expected range of 1-12");
  CHECK(read("2026-02-30") == "day value is outside expected range");
  CHECK(read("2026-11-22T25:00:00") == "unexpected extra characters at the end of the input");
  // A plus that was not percent-encoded arrives as a blank.
  CHECK(read("2026-11-22T10:05:00 10:00") == "unexpected extra characters at the end of the input");
}
