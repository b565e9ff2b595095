#include "app/schema_refusals.hpp"

#include <doctest/doctest.h>

#include "avro/frame.hpp"
#include "records/avro_unit.hpp"

using namespace oes;

namespace {

std::string record_of(const std::string& unit_code) {
  facility_unit unit;
  unit.facility_code = "BAYSW";
  unit.unit_code = unit_code;
  const auto value = avro_unit(unit, utc_time(), 1, 7);
  return std::string(avro::split_frame(value)->body);
}

std::string schema_named(const std::string& name) {
  return R"({"type":"record","namespace":"openelectricity","name":")" + name +
         R"(","fields":[{"name":"facility_code","type":"string"}]})";
}

}  // namespace

TEST_CASE("a schema reads the records that were written with it, and none of another version") {
  const auto kind = record_kind::facility_unit;
  const auto ours = avro_schema(kind);
  const auto older = schema_named("facility_unit");
  CHECK(reads(ours, kind, {record_of("BW01")}));
  CHECK_FALSE(reads(older, kind, {record_of("BW01")}));
  CHECK_FALSE(reads(ours, record_kind::point, {record_of("BW01")}));
  CHECK_FALSE(reads("no schema", kind, {record_of("BW01")}));
  SUBCASE("where none is known its name tells") {
    CHECK(reads(older, kind, {}));
    CHECK_FALSE(reads(schema_named("somebody"), kind, {}));
  }
  SUBCASE("a damaged one beside a good one tells nothing") {
    CHECK(reads(ours, kind, {record_of("BW01").substr(0, 9), record_of("BW02")}));
    CHECK_FALSE(reads(ours, kind, {record_of("BW01").substr(0, 9)}));
  }
}
