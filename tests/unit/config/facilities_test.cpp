// Facility series and the list of facilities.
#include <doctest/doctest.h>

#include "unit/config/config_support.hpp"

using namespace oes;
using namespace oes::test;
using namespace std::chrono_literals;

namespace {
std::string facility_stream(const std::string& options) { return "streams: [{name: s, " + options + "}]"; }
}  // namespace

TEST_CASE("facility_code makes a stream one of units: its metrics, topic and identity") {
  const auto loaded =
      load(facility_stream("facility_code: all, metrics: [power, energy], network_region: NSW1, trigger: 6h"));
  REQUIRE(loaded.config);
  const auto& spec = loaded.config->streams.at(0);
  const auto parts = parts_of(spec);
  REQUIRE(parts.size() == 2);
  CHECK(parts[1].from == endpoint::facility);
  CHECK(topic_for(spec, parts[0].from, "power") == "openelectricity.facility.5m.v1");
  CHECK(canonical(identity_for(spec, parts[0].from)) == "facility|NEM|5m|unit|region=NSW1;facility=all|long");
  const auto two = load(facility_stream("facility_code: [ERARING, BAYSW]"));
  CHECK(canonical(identity_for(two.config->streams.at(0), endpoint::facility)) ==
        "facility|NEM|5m|unit|facility=BAYSW,ERARING|long");
}

TEST_CASE("what units do not have is a fault, what does nothing for them a warning") {
  CHECK(has(said(facility_stream("facility_code: all, metrics: [power, price]")), "'price' is none"));
  CHECK(has(said(facility_stream("facility_code: all, network_code: AU")), "use network_code NEM or WEM"));
  CHECK(has(said(facility_stream("facility_code: [all, BAYSW]")), "'all' stands alone"));
  CHECK(has(said(facility_stream("facility_code: ''")), "facility_code: it is empty"));
  CHECK(has(said(facility_stream("facility_code: all, secondary_grouping: fueltech")),
            "warning: streams[0].secondary_grouping: it has no effect on facility series"));
  CHECK(has(said(facility_stream("facility_code: all"), {{"KAFKA_BOOTSTRAP_SERVERS", "localhost:9092"}}),
            "to callers with a key only"));
}

TEST_CASE("two streams of units meet where they share a unit, and never meet a stream of another kind") {
  const auto both = [](const std::string& one, const std::string& other) {
    return said("streams:\n- {name: a, topic: t, trigger: 1d, " + one + "}\n- {name: b, topic: t, trigger: 1d, " +
                other + "}\n");
  };
  CHECK(has(both("facility_code: all", "facility_code: [BAYSW]"), "would get the same keys"));
  CHECK(has(both("facility_code: [A, B]", "facility_code: [B, C]"), "would get the same keys"));
  CHECK_FALSE(has(both("facility_code: [A]", "facility_code: [B]"), "would get the same keys"));
  CHECK_FALSE(has(both("facility_code: all, fueltech: wind", "facility_code: all, fueltech: hydro"), "same keys"));
  CHECK_FALSE(has(both("facility_code: all", "metrics: power"), "would get the same keys"));
}

TEST_CASE("the credits of facility series are counted by batches") {
  CHECK(has(said("budget: {plan: COMMUNITY}\n" + facility_stream("facility_code: all, trigger: 1h")),
            "360 requests a day") == false);
  CHECK(has(said("budget: {plan: COMMUNITY}\n" + facility_stream("facility_code: all, trigger: 30m")),
            "720 requests a day"));
}

TEST_CASE("the list of facilities: off by itself, and what it may be told") {
  const auto usual_list = load("").config->facilities;
  CHECK_FALSE(usual_list.enabled);
  CHECK(usual_list.every == 24h);
  CHECK(usual_list.topic == "openelectricity.facilities.v1");
  const auto own = load("facilities: {enabled: true, every: 1h, tombstones: true, topic: f}").config->facilities;
  CHECK(own.enabled);
  CHECK(own.every == 1h);
  CHECK(own.tombstones);
  CHECK(own.topic == "f");
  CHECK(has(said("facilities: {every: 5m}"), "facilities.every"));
  CHECK(has(said("facilities: {enabled: true, topic: t}\n" + facility_stream("topic: t")),
            "it is the topic of stream 's' too"));
  CHECK(has(said("deployment: d\nfacilities: {enabled: true, topic: openelectricity.progress.d}"), "progress topic"));
}
