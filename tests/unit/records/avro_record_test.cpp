#include <doctest/doctest.h>

#include "model/metric.hpp"
#include "records/avro_schema.hpp"
#include "records/avro_unit.hpp"
#include "records/facility_records.hpp"
#include "records/number_value.hpp"
#include "records/value_hash.hpp"
#include "records/widen.hpp"
#include "sample_answer.hpp"

using namespace oes;
using namespace oes::test;

namespace {

record_options as_avro(record_options options, std::int32_t schema_id = 7) {
  options.format = record_format::avro;
  options.schema_id = schema_id;
  return options;
}

std::string hex(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    out += digits[static_cast<unsigned char>(c) >> 4U];
    out += digits[static_cast<unsigned char>(c) & 15U];
  }
  return out;
}

std::string zeros(std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += "00";
  return out;
}

}  // namespace

TEST_CASE("an Avro record, to the last byte; its key is the same as in JSON") {
  sample_answer sample;
  sample.block("energy", "MWh").add({{"fueltech", "wind"}, {"region", "NSW1"}}, {{"2026-11-23T10:05:00", "1.5"}});
  const auto batch = build_all(sample.get(), as_avro(by_region_and_fueltech(), 0x01020304));
  REQUIRE(batch.records.size() == 1);
  CHECK(batch.key(batch.records[0]) == "v1|NEM|5m|energy|fueltech=wind,region=NSW1|2026-11-23T10:05:00+10:00");
  // fastavro, the reference that tests/kafka compares with at large, writes the same.
  const std::string expected =
      "0001020304"                                        // frame
      "808cb184cbb9b006"                                  // interval: 2026-11-23T00:05:00Z in microseconds
      "064e454d"                                          // NEM
      "020c656e65726779"                                  // energy
      "02064d5768"                                        // MWh
      "020877696e64"                                      // wind
      "02084e535731"                                      // NSW1
      "00"                                                // no unit_code
      "00"                                                // power
      "02000000000000f83f" +                              // energy: 1.5
      zeros(known_metrics().size() - 2) +                 // the columns behind it
      "00"                                                // extra_values
      "02000000000000f83f"                                // value
      "04356d"                                            // 5m
      "028080a4e6c8b9b006"                                // interval_start
      "02808cb184cbb9b006"                                // interval_end
      "020877696e64"                                      // fueltech
      "000000"                                            // status, facility_code, renewable
      "126e656d2d706f776572"                              // nem-power
      "2e6e6574776f726b5f726567696f6e2f6675656c74656368"  // network_region/fueltech
      "00"                                                // revision 0
      "d20f"                                              // version 1001
      "0000"                                              // provisional, backfill
      "a0b990c5cbb9b006"                                  // fetched_at
      "00";                                               // extra
  CHECK(hex(batch.value(batch.records[0])) == expected);
}

TEST_CASE("records of both formats are built beside each other, each in its own bytes") {
  sample_answer sample;
  sample.block("power", "MW").add({}, {{"2026-11-23T10:05:00", "1"}});
  sample.block("energy", "MWh").add({}, {{"2026-11-23T10:05:00", "2"}});
  auto plans = plans_for(sample.get(), by_region_and_fueltech());
  plans.at(1).options = as_avro(plans.at(1).options);
  plans.at(1).options.topic = "other";
  record_builder builder(sample.get(), std::move(plans));
  version_counter versions(0);
  const auto batch = builder.next({}, versions).batch;
  REQUIRE(batch.records.size() == 2);
  CHECK(batch.value(batch.records[0]).front() == '{');
  CHECK(batch.value(batch.records[1]).front() == '\0');
}

TEST_CASE("numbers that are the same double are the same value to a ledger of doubles, and to no other") {
  const auto doubles = [](std::string_view text) { return value_hash(text, number_form::as_double); };
  CHECK(doubles("12345678901234567890123456") == doubles("12345678901234567890123457"));
  CHECK(value_hash("12345678901234567890123456") != value_hash("12345678901234567890123457"));
  CHECK(doubles("0.1") == doubles("0.1000000000000000055511151231257827"));
  CHECK(doubles("0.1") != doubles("0.10000000000000002"));
  CHECK(doubles("1e400") == doubles("2e400"));
  CHECK(doubles("1e400") != doubles("-1e400"));
  CHECK(doubles("1e-400") == doubles("0"));
  CHECK(doubles(R"("power":0.1000000000000000055511151231257827,"energy":2)") ==
        doubles(R"("energy":2.0,"power":0.1)"));
  CHECK(same_value("0.1000000000000000055511151231257827", doubles("0.1"), number_form::as_double));
  CHECK_FALSE(same_value("0.1000000000000000055511151231257827", value_hash("0.1")));
}

TEST_CASE("what a ledger of doubles holds is what the double's own text would hash to") {
  for (const auto* text : {"1.5", "123456789.123456789123", "5e-324", "1.7976931348623157e308", "1e22", "123e290",
                           "0.30000000000000004", "-7", "99999999999999999", "1e400"}) {
    CAPTURE(text);
    CHECK(value_hash(text, number_form::as_double) == value_hash(shortest_number(double_of(text))));
  }
}

TEST_CASE(
    "every field of the schema but those that are always there may be null, so that it can be added or left out") {
  for (const auto kind : {record_kind::point, record_kind::facility_unit}) {
    const auto text = avro_schema(kind);
    for (const auto& field : kind == record_kind::point ? record_schema() : facility_list_schema()) {
      CAPTURE(field.name);
      const auto begin = text.find("{\"name\":\"" + std::string(field.name) + "\",\"type\":");
      REQUIRE(begin != std::string::npos);
      const auto one = text.substr(begin, text.find(",{\"name\"", begin) - begin);
      CHECK((one.find("[\"null\",") != std::string::npos) == (field.there != presence::always));
      CHECK((one.find("\"default\":null") != std::string::npos) == (field.there != presence::always));
    }
  }
}

TEST_CASE("a unit's number in another spelling, or with digits that no double has, changes nothing of an Avro list") {
  facility_list list;
  facility_unit unit;
  unit.facility_code = "BAYSW";
  unit.capacity_registered = "660.10";
  list.units.push_back(unit);
  auto other = list;
  other.units[0].capacity_registered = "660.100000000000000000001";
  CHECK(content_hash(with_doubles(list).units[0]) == content_hash(with_doubles(other).units[0]));
  CHECK(content_hash(list.units[0]) != content_hash(other.units[0]));
}
