#include "records/record_builder.hpp"

#include <doctest/doctest.h>

#include "flat_json.hpp"
#include "records/schema.hpp"
#include "sample_answer.hpp"

using namespace oes;
using namespace oes::test;

namespace {

// The only record of a batch.
std::string key_of(const record_batch& batch) { return std::string(batch.key(batch.records.at(0))); }
std::string value_of(const record_batch& batch, std::size_t i = 0) {
  return std::string(batch.value(batch.records.at(i)));
}

sample_answer one_point(const std::string& label, const std::string& number = "1", series_labels labels = {}) {
  sample_answer sample;
  sample.block("power", "MW").add(std::move(labels), {{label, number}});
  return sample;
}

record_options for_interval(network net, interval_size size) {
  record_options options;
  options.identity.net = net;
  options.identity.interval = size;
  return options;
}

std::string period_of(network net, interval_size size, const std::string& label) {
  const auto batch = build_all(one_point(label).get(), for_interval(net, size));
  const auto members = flat(value_of(batch));
  return text_of(members, "interval_start") + " " + text_of(members, "interval_end");
}

}  // namespace

TEST_CASE("a record is the contract of records.md to the last byte") {
  const auto sample = one_point("2026-11-23T10:05:00", "5432.10", {{"fueltech", "wind"}, {"region", "NSW1"}});
  const auto batch = build_all(sample.get(), by_region_and_fueltech());
  REQUIRE(batch.records.size() == 1);
  CHECK(batch.topics == std::vector<std::string>{"openelectricity.network.5m.v1"});
  CHECK(key_of(batch) == "v1|NEM|5m|power|fueltech=wind,region=NSW1|2026-11-23T10:05:00+10:00");
  CHECK(value_of(batch) ==
        R"({"interval":"2026-11-23T10:05:00+10:00","network_code":"NEM","metric":"power","unit":"MW",)"
        R"("fueltech_group":"wind","network_region":"NSW1","power":5432.10,"value":5432.10,"interval_size":"5m",)"
        R"("interval_start":"2026-11-23T00:00:00Z","interval_end":"2026-11-23T00:05:00Z","fueltech":"wind",)"
        R"("stream":"nem-power","grouping":"network_region/fueltech","revision":0,"version":1001,)"
        R"("fetched_at":"2026-11-23T00:06:07.890Z"})");
}

TEST_CASE("a null that is published has a value of null and no metric column") {
  const auto sample = one_point("2026-11-23T10:05:00", "");
  CHECK(build_all(sample.get(), {}).empty());
  const auto members = flat(value_of(build_all(sample.get(), {}, true)));
  CHECK(find(members, "power") == nullptr);
  REQUIRE(find(members, "value") != nullptr);
  CHECK(find(members, "value")->type == '0');
  CHECK(text_of(members, "grouping") == "total");
}

TEST_CASE("without labels the key has an empty place for them") {
  const auto sample = one_point("2026-11-23T10:05:00");
  CHECK(key_of(build_all(sample.get(), {})) == "v1|NEM|5m|power||2026-11-23T10:05:00+10:00");
}

TEST_CASE("a key per series leaves the interval out") {
  const auto sample = one_point("2026-11-23T10:05:00", "1", {{"region", "NSW1"}});
  record_options options;
  options.key = record_key_policy::series;
  CHECK(key_of(build_all(sample.get(), options)) == "v1|NEM|5m|power|region=NSW1");
}

TEST_CASE("labels cannot forge another key or break the JSON") {
  const auto sample = one_point("2026-11-23T10:05:00", "1", {{"region", "A|B,C=D%\n\"\\\x7F\xC3\xA4"}});
  const auto batch = build_all(sample.get(), {});
  CHECK(key_of(batch) == "v1|NEM|5m|power|region=A%7CB%2CC%3DD%25%0A\"\\%7F\xC3\xA4|2026-11-23T10:05:00+10:00");
  CHECK(text_of(flat(value_of(batch)), "network_region") == "A|B,C=D%\n\"\\\x7F\xC3\xA4");
}

TEST_CASE("each label has its field, unknown ones go to extra") {
  const auto sample = one_point("2026-11-23T10:05:00", "1",
                                {{"facility_code", "ERARING"},
                                 {"fueltech", "coal_black"},
                                 {"renewable", "false"},
                                 {"status", "operating"},
                                 {"unit_code", "ER01"},
                                 {"x", "1"},
                                 {"zone", "\"N\""}});
  const auto members = flat(value_of(build_all(sample.get(), {})));
  CHECK(text_of(members, "facility_code") == "ERARING");
  CHECK(text_of(members, "fueltech_group") == "coal");
  CHECK(text_of(members, "status") == "operating");
  CHECK(text_of(members, "unit_code") == "ER01");
  CHECK(*find(members, "renewable") == json_member{"renewable", 'b', "false"});
  CHECK(*find(members, "extra") == json_member{"extra", 'm', "x=1;zone=\"N\";"});
  CHECK(members.back().name == "extra");
}

TEST_CASE("the group is the API's own where it gives one, and nothing where the fueltech is unknown") {
  const auto group_of = [](series_labels labels) {
    const auto sample = one_point("2026-11-23T10:05:00", "1", std::move(labels));
    return text_of(flat(value_of(build_all(sample.get(), {}))), "fueltech_group");
  };
  CHECK(group_of({{"fueltech_group", "solar"}}) == "solar");
  CHECK(group_of({{"fueltech", "solar_rooftop"}}) == "solar");
  CHECK(group_of({{"fueltech", "battery_charging"}}) == "battery_charging");
  CHECK(group_of({{"fueltech", "imports"}}) == "-");
  CHECK(group_of({}) == "-");
}

TEST_CASE("the period of a label follows network and interval size") {
  CHECK(period_of(network::nem, interval_size::m5, "2026-11-23T00:00:00") ==
        "2026-11-22T13:55:00Z 2026-11-22T14:00:00Z");
  CHECK(period_of(network::wem, interval_size::m5, "2026-11-23T10:05:00") ==
        "2026-11-23T02:05:00Z 2026-11-23T02:10:00Z");
  CHECK(period_of(network::nem, interval_size::h1, "2026-11-23T10:00:00") ==
        "2026-11-22T23:55:00Z 2026-11-23T00:55:00Z");
  CHECK(period_of(network::wem, interval_size::h1, "2026-11-23T10:00:00") ==
        "2026-11-23T02:00:00Z 2026-11-23T03:00:00Z");
  CHECK(period_of(network::wem, interval_size::d1, "2024-02-29T00:00:00") ==
        "2024-02-28T16:00:00Z 2024-02-29T16:00:00Z");
  CHECK(period_of(network::nem, interval_size::d7, "2026-11-22T00:00:00") ==
        "2026-11-21T13:55:00Z 2026-11-28T13:55:00Z");
  CHECK(period_of(network::nem, interval_size::mo1, "2026-02-01T00:00:00") ==
        "2026-01-31T13:55:00Z 2026-02-28T13:55:00Z");
  CHECK(period_of(network::wem, interval_size::mo3, "2026-10-01T00:00:00") ==
        "2026-09-30T16:00:00Z 2026-12-31T16:00:00Z");
  CHECK(period_of(network::wem, interval_size::y1, "2024-01-01T00:00:00") ==
        "2023-12-31T16:00:00Z 2024-12-31T16:00:00Z");
}

TEST_CASE("where a label does not tell its period, none is stated") {
  CHECK(period_of(network::au, interval_size::m5, "2026-11-23T10:00:00") == "- -");
  CHECK(period_of(network::au, interval_size::d1, "2026-11-23T00:00:00") == "- -");
  CHECK(period_of(network::nem, interval_size::season, "2026-09-01T00:00:00") == "- -");
  CHECK(period_of(network::wem, interval_size::fy, "2026-01-01T00:00:00") == "- -");
  CHECK(period_of(network::wem, interval_size::m5, "2023-09-30T23:30:00") == "- -");
  CHECK(period_of(network::wem, interval_size::m5, "2023-10-01T00:00:00") ==
        "2023-09-30T16:00:00Z 2023-09-30T16:05:00Z");
}

TEST_CASE("WEM records are on WEM's clock") {
  const auto batch = build_all(one_point("2026-11-23T10:05:00").get(), for_interval(network::wem, interval_size::m5));
  CHECK(key_of(batch) == "v1|WEM|5m|power||2026-11-23T10:05:00+08:00");
  CHECK(text_of(flat(value_of(batch)), "interval") == "2026-11-23T10:05:00+08:00");
}

TEST_CASE("provisional is true from the answer's edge on and written only where it is asked for; backfill when true") {
  record_options options;
  options.states_provisional = true;
  options.backfill = true;
  sample_answer sample;
  sample.block("power", "MW").add({}, {{"2026-11-23T10:05:00", "1"}, {"2026-11-23T10:10:00", "2"}});
  auto plans = plans_for(sample.get(), options);
  plans.at(0).provisional_from = at("2026-11-23T10:10:00");
  record_builder builder(sample.get(), std::move(plans));
  version_counter versions(0);
  const auto batch = builder.next({}, versions).batch;
  const auto settled = flat(value_of(batch, 0));
  const auto at_the_edge = flat(value_of(batch, 1));
  CHECK(text_of(settled, "provisional") == "false");
  CHECK(text_of(at_the_edge, "provisional") == "true");
  CHECK(text_of(settled, "backfill") == "true");
  const auto plain = flat(value_of(build_all(sample.get(), {}), 1));
  CHECK(find(plain, "provisional") == nullptr);
  CHECK(find(plain, "backfill") == nullptr);
}

TEST_CASE("records of one topic with and without the header keep apart") {
  sample_answer sample;
  sample.block("power", "MW").add({}, {{"2026-11-23T10:05:00", "1"}});
  sample.block("energy", "MWh").add({}, {{"2026-11-23T10:05:00", "2"}});
  auto plans = plans_for(sample.get(), by_region_and_fueltech());
  plans.at(1).options.schema = schema_name(endpoint::data);
  record_builder builder(sample.get(), std::move(plans));
  version_counter versions(0);
  const auto batch = builder.next({}, versions).batch;
  REQUIRE(batch.records.size() == 2);
  CHECK(batch.topics == std::vector<std::string>(2, "openelectricity.network.5m.v1"));
  CHECK(batch.schema(batch.records[0]).empty());
  CHECK(batch.schema(batch.records[1]) == "openelectricity.network/1");
}

TEST_CASE("a revision is written as it was chosen, and versions rise with every record") {
  sample_answer sample;
  sample.block("power", "MW").add({}, {{"2026-11-23T10:05:00", "1"}, {"2026-11-23T10:10:00", "2"}});
  selection chosen;
  chosen.revisions = {{65534, 3}};
  chosen.chosen = 2;
  record_builder builder(sample.get(), {{chosen, {}}});
  version_counter versions(7);
  const auto batch = builder.next({}, versions).batch;
  CHECK(text_of(flat(value_of(batch, 0)), "revision") == "65534");
  CHECK(text_of(flat(value_of(batch, 0)), "version") == "8");
  CHECK(text_of(flat(value_of(batch, 1)), "revision") == "3");
  CHECK(text_of(flat(value_of(batch, 1)), "version") == "9");
  CHECK(versions.last() == 9);
}

TEST_CASE("versions follow the clock and never fall back with it") {
  version_counter versions(100);
  versions.see_clock(utc_time(std::chrono::microseconds(50)));
  CHECK(versions.next() == 101);
  versions.see_clock(utc_time(std::chrono::microseconds(5'000)));
  CHECK(versions.next() == 5'000);
  CHECK(versions.next() == 5'001);
  versions.see_clock(utc_time(std::chrono::microseconds(4'000)));
  CHECK(versions.next() == 5'002);
}
