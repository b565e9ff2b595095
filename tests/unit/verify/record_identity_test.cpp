#include "verify/record_identity.hpp"

#include <doctest/doctest.h>

using namespace oes;

TEST_CASE("B6 a record is a series' own only by network, interval, metric and grouping") {
  group_identity group;
  group.primary = primary_grouping::network_region;
  group.secondary = secondary_grouping::fueltech;
  const auto series = identity_of_series(group, "power");
  const std::string key = "v1|NEM|5m|power|fueltech=wind,region=NSW1|2026-11-23T10:00:00+10:00";
  CHECK(identity_of_record(key, "network_region/fueltech")->agrees(series));
  CHECK(identity_of_record(key, "")->agrees(series));
  CHECK_FALSE(identity_of_record(key, "fueltech")->agrees(series));
  CHECK_FALSE(identity_of_record("v1|WEM|5m|power|fueltech=wind|x", "")->agrees(series));
  CHECK_FALSE(identity_of_record("v1|NEM|1h|power|fueltech=wind|x", "")->agrees(series));
  CHECK_FALSE(identity_of_record("v1|NEM|5m|energy|fueltech=wind|x", "")->agrees(series));
  CHECK_FALSE(identity_of_record("something else", ""));
  CHECK(identity_of_series(canonical(group), "power")->agrees(series));
}

TEST_CASE("B6 a wide record's star is the same escaped or not") {
  const auto series = identity_of_series(group_identity{}, wide_metric);
  CHECK(identity_of_record("v1|NEM|5m|*||x", "total")->agrees(series));
  CHECK(identity_of_record("v1|NEM|5m|%2A||x", "total")->agrees(series));
}
