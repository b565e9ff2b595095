#include "avro/record_reader.hpp"

#include <doctest/doctest.h>

#include <random>

#include "../records/flat_json.hpp"
#include "../records/sample_answer.hpp"
#include "avro/frame.hpp"
#include "model/metric.hpp"
#include "records/avro_schema.hpp"
#include "records/avro_wire.hpp"
#include "records/facility_records.hpp"
#include "records/widen.hpp"

using namespace oes;
using namespace oes::test;

namespace {

avro::record_reader reader_of(record_kind kind) { return avro::record_reader(*avro::read_schema(avro_schema(kind))); }

std::string json_of(std::string_view framed, record_kind kind = record_kind::point) {
  const auto frame = avro::split_frame(framed);
  REQUIRE(frame.has_value());
  const auto read = reader_of(kind).json(frame->body);
  REQUIRE(read.has_value());
  return *read;
}

record_options as_avro(record_options options) {
  options.format = record_format::avro;
  options.schema_id = 7;
  return options;
}

// The records of an answer, as JSON and as Avro read back, are the same texts.
void check_both(const time_series_answer& answer, const record_options& options) {
  const auto json = build_all(answer, options, true);
  const auto binary = build_all(answer, as_avro(options), true);
  REQUIRE(json.records.size() == binary.records.size());
  for (std::size_t i = 0; i < json.records.size(); ++i) {
    CHECK(json.key(json.records[i]) == binary.key(binary.records[i]));
    CHECK(json_of(binary.value(binary.records[i])) == json.value(json.records[i]));
  }
}

time_series_answer wide_answer(const std::vector<std::string>& metrics) {
  sample_answer sample;
  int number = 0;
  for (const auto& metric : metrics) {
    sample.block(metric, "MW")
        .add({{"region", "SA1"}},
             {{"2026-11-23T10:05:00", std::to_string(++number) + ".25"}, {"2026-11-23T10:10:00", ""}});
  }
  time_series_answer answer;
  answer.body = std::make_unique<std::string>(*sample.get().body);
  answer.blocks = sample.get().blocks;
  return widen(std::move(answer), metrics);
}

}  // namespace

TEST_CASE("a record that was written as Avro reads as the JSON that it would have been, for every metric") {
  std::vector<std::string> metrics;
  for (const auto& metric : known_metrics()) metrics.emplace_back(metric.name);
  metrics.emplace_back("demand_forecast");  // no column yet
  for (const auto& metric : metrics) {
    CAPTURE(metric);
    sample_answer sample;
    sample.block(metric, "MW");
    sample.add({{"facility_code", "F"},
                {"fueltech", "wind"},
                {"region", "\"S\"\xC3\xA4"},
                {"renewable", "true"},
                {"status", "operating"},
                {"unit_code", "U"},
                {"zone", "N"},
                {"zoo", "1"}},
               {{"2026-11-23T10:05:00", "-1500.25"}, {"2026-11-23T10:10:00", ""}});
    sample.add({}, {{"2026-11-23T10:05:00", "0"}});
    auto options = by_region_and_fueltech();
    check_both(sample.get(), options);
    options.states_provisional = true;
    options.backfill = true;
    options.key = record_key_policy::series;
    check_both(sample.get(), options);
    for (const auto net : {network::wem, network::au}) {
      options.identity.net = net;
      check_both(sample.get(), options);
    }
  }
}

TEST_CASE("a wide record too, whatever its columns; those that have none in the schema are extra values") {
  for (const auto& metrics :
       {std::vector<std::string>{"power", "energy", "market_value"}, std::vector<std::string>{"price"},
        std::vector<std::string>{"demand", "flow_exports_energy"}}) {
    auto options = by_region_and_fueltech();
    options.identity.shape = record_shape::wide;
    check_both(wide_answer(metrics), options);
  }
  auto options = as_avro(by_region_and_fueltech());
  options.identity.shape = record_shape::wide;
  const auto batch = build_all(wide_answer({"a", "price", "zeta_metric"}), options, true);
  const auto members = flat(json_of(batch.value(batch.records.at(0))));
  CHECK(text_of(members, "a") == "1.25");
  CHECK(text_of(members, "price") == "2.25");
  CHECK(text_of(members, "zeta_metric") == "3.25");
  CHECK(find(members, "value") == nullptr);
}

TEST_CASE("numbers come back as the shortest text of their double") {
  sample_answer sample;
  sample.block("power", "MW")
      .add({}, {{"2026-11-23T10:05:00", "12345678901234567890123456"},
                {"2026-11-23T10:10:00", "1e400"},
                {"2026-11-23T10:15:00", "1.50"}});
  const auto batch = build_all(sample.get(), as_avro({}));
  const auto value = [&](std::size_t i) { return text_of(flat(json_of(batch.value(batch.records.at(i)))), "value"); };
  CHECK(value(0) == "1.2345678901234568e+25");
  CHECK(json_of(batch.value(batch.records.at(1))).find("\"value\":1e999,") != std::string::npos);
  CHECK(value(2) == "1.5");
}

TEST_CASE("units of the list of facilities") {
  facility_list list;
  facility_unit unit;
  unit.facility_code = "BAYSW";
  unit.facility_name = "Bays\"water";
  unit.lat = "-32.4";
  unit.unit_code = "BW01";
  unit.fueltech = "coal_black";
  unit.capacity_registered = "660";
  unit.capacity_storage = "1320.5";
  unit.dispatch_type = "GENERATOR";
  unit.expected_closure_date = "2033-01-01T00:00:00+10:00";
  unit.max_generation = "673.2";
  unit.data_last_seen = "2026-11-23T10:05:00+10:00";
  list.units.push_back(unit);
  facility_unit bare;
  bare.facility_code = "X";
  bare.unit_code = "X1";
  list.units.push_back(bare);
  list.received_at = parse_utc("2026-11-23T00:06:07.890Z").value();
  const auto changes = changes_of_units(list, {}, gone_units::left_as_they_are);
  version_counter versions(41);
  const auto json = build_unit_records(list, *changes, "t", versions);
  version_counter again(41);
  const auto binary = build_unit_records(list, *changes, "t", again, 9);
  REQUIRE(binary.records.size() == 2);
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK(json_of(binary.value(binary.records[i]), record_kind::facility_unit) == json.value(json.records[i]));
  }
  CHECK(avro::split_frame(binary.value(binary.records[0]))->schema_id == 9);
}

TEST_CASE("a writer with fewer fields, more of them, others of them, and other orders is read into today's order") {
  const auto written = avro::read_schema(
      R"({"type":"record","name":"point","namespace":"openelectricity","fields":[
         {"name":"value","type":["double","null"]},{"name":"later","type":["null","string"]},
         {"name":"interval","type":{"type":"long","logicalType":"timestamp-micros"}},
         {"name":"power","type":"float"},{"name":"metric","type":"string"},{"name":"count","type":"int"},
         {"name":"network_code","type":"string"}]})");
  REQUIRE(written.has_value());
  std::string body(1, '\0');  // value: the double
  char number[8];
  body.append(number, avro::put_double(number, 0.1));
  body += '\2';  // later
  avro::append_text(body, "x");
  avro::append_long(body, 1'763'856'300'000'000);
  body += std::string("\0\0\xC0\x3F", 4);  // power: 1.5 as a float
  avro::append_text(body, "power");
  avro::append_long(body, 3);
  avro::append_text(body, "WEM");
  const auto read = avro::record_reader(*written).json(body);
  REQUIRE(read.has_value());
  CHECK(*read == R"({"interval":"2025-11-23T08:05:00+08:00","network_code":"WEM","metric":"power","power":1.5,)"
                 R"("value":0.1,"later":"x","count":3})");
}

TEST_CASE("an instant outside of 1900 to 2200 is damage, not a date") {
  sample_answer sample;
  sample.block("power", "MW").add({}, {{"2026-11-23T10:05:00", "1"}});
  const auto batch = build_all(sample.get(), as_avro({}));
  const auto good = std::string(avro::split_frame(batch.value(batch.records[0]))->body);
  std::string first;
  avro::append_long(first, parse_utc("2026-11-23T00:05:00Z")->time_since_epoch().count());
  REQUIRE(good.starts_with(first));
  for (const std::int64_t micros : {INT64_MAX, INT64_MIN, std::int64_t{8'000'000'000'000'000}}) {
    std::string absurd;
    avro::append_long(absurd, micros);
    const auto read = reader_of(record_kind::point).json(absurd + good.substr(first.size()));
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error().code == errc::damaged);
  }
}

TEST_CASE("bytes that do not fit are damage: cut, longer, changed anywhere; nothing is read beyond the end") {
  sample_answer sample;
  sample.block("demand_forecast", "MW").add({{"region", "SA1"}, {"zone", "N"}}, {{"2026-11-23T10:05:00", "1.5"}});
  const auto batch = build_all(sample.get(), as_avro(by_region_and_fueltech()));
  const std::string good(avro::split_frame(batch.value(batch.records[0]))->body);
  const auto reader = reader_of(record_kind::point);
  REQUIRE(reader.json(good).has_value());
  for (std::size_t size = 0; size < good.size(); ++size)
    CHECK_FALSE(reader.json(std::string(good, 0, size)).has_value());
  CHECK_FALSE(reader.json(good + "x").has_value());
  std::mt19937 random(1);
  for (int i = 0; i < 20'000; ++i) {
    auto bad = good;
    for (int changes = 0; changes < 3; ++changes) bad[random() % bad.size()] = static_cast<char>(random());
    const auto read = reader.json(bad);  // whatever it is
    if (!read) CHECK(read.error().code == errc::damaged);
  }
}

TEST_CASE("a map in blocks that state their size, as other writers may write it, is read") {
  const auto schema = avro::read_schema(
      R"({"type":"record","name":"r","fields":[{"name":"extra","type":{"type":"map","values":"string"}}]})");
  REQUIRE(schema.has_value());
  std::string body;
  avro::append_long(body, -2);
  avro::append_long(body, 8);
  for (const auto* text : {"a", "1", "b", "2"}) avro::append_text(body, text);
  avro::append_long(body, 1);
  avro::append_text(body, "c");
  avro::append_text(body, "3");
  body += '\0';
  const auto read = avro::record_reader(*schema).json(body);
  REQUIRE(read.has_value());
  CHECK(*read == R"({"extra":{"a":"1","b":"2","c":"3"}})");
}

TEST_CASE("a schema that is no record, is no UTF-8, or has types that ours have not, is told") {
  for (const auto* text :
       {"", "{}", "[]", "\"string\"", R"({"type":"record","name":"r"})", R"({"type":"record","fields":[{}]})",
        R"({"type":"record","name":"r","fields":[{"name":"a","type":"array"}]})",
        R"({"type":"record","name":"r","fields":[{"name":"a","type":{"type":"array","items":"string"}}]})",
        R"({"type":"record","name":"r","fields":[{"name":"a","type":[]}]})",
        R"({"type":"record","name":"r","fields":[{"name":"a","type":"map"}]})",
        "{\"type\":\"record\",\"name\":\"r\",\"fields\":[{\"name\":\"a\xff\",\"type\":\"long\"}]}"}) {
    CAPTURE(text);
    const auto read = avro::read_schema(text);
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error().code == errc::damaged);
  }
}
