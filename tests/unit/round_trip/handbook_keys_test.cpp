// The examples of keys, partitions, headers and tombstones in docs/records.md, held against the builders.
#include <doctest/doctest.h>

#include <cstdint>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/facility.hpp"
#include "records/facility_records.hpp"
#include "records/schema.hpp"
#include "unit/records/flat_json.hpp"
#include "unit/records/sample_answer.hpp"

using namespace oes;
using namespace oes::test;

namespace {

constexpr std::uint32_t partitions = 3;

/// As librdkafka and Java's client have it; written once more, since librdkafka shows its own to nobody.
std::uint32_t murmur2(std::string_view key) {
  constexpr std::uint32_t m = 0x5bd1e995;
  const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(key[i])); };
  std::uint32_t hash = 0x9747b28cU ^ static_cast<std::uint32_t>(key.size());
  std::size_t at = 0;
  for (; at + 4 <= key.size(); at += 4) {
    std::uint32_t word = byte(at) | byte(at + 1) << 8U | byte(at + 2) << 16U | byte(at + 3) << 24U;
    word *= m;
    word ^= word >> 24U;
    hash = hash * m ^ word * m;
  }
  if (key.size() - at > 2) hash ^= byte(at + 2) << 16U;
  if (key.size() - at > 1) hash ^= byte(at + 1) << 8U;
  if (key.size() > at) hash = (hash ^ byte(at)) * m;
  hash = (hash ^ hash >> 13U) * m;
  return hash ^ hash >> 15U;
}

/// One record as the handbook shows it: partition, key, header, and some members of its value.
std::string shown(const record_batch& batch, const record_ref& record, const std::vector<std::string_view>& members) {
  const auto key = batch.key(record);
  auto line = std::to_string((murmur2(key) & 0x7fffffffU) % partitions) + "  " + std::string(key);
  if (const auto schema = batch.schema(record); !schema.empty()) line.append("  schema=").append(schema);
  if (record.tombstone) return line + "\n   (no value)\n";
  line += "\n   {";
  const auto said = flat(batch.value(record));
  for (const auto name : members) {
    const auto* member = find(said, name);
    REQUIRE_MESSAGE(member != nullptr, std::string(name));
    const std::string quote(member->type == 's' ? "\"" : "");
    line.append("\"").append(name).append("\":").append(quote).append(member->text).append(quote).append(", ");
  }
  return line + "…}\n";
}

struct example {
  const char* metric;
  const char* number;
  series_labels labels;
  record_options options;
  std::uint16_t revision;
};

std::string shown(const example& of, const std::vector<std::string_view>& members) {
  sample_answer sample;
  sample.block(of.metric, "MW").add(of.labels, {{"2026-11-23T21:20:00", of.number}});
  auto plans = plans_for(sample.get(), of.options);
  plans.at(0).chosen.revisions = {{of.revision}};
  record_builder builder(sample.get(), std::move(plans));
  version_counter versions(0);
  const auto batch = builder.next({}, versions).batch;
  REQUIRE(batch.records.size() == 1);
  return shown(batch, batch.records[0], members);
}

std::string units() {
  facility_unit unit;
  unit.facility_code = "BAYSW";
  unit.facility_name = "Bayswater";
  unit.unit_code = "BW01";
  version_counter versions(0);
  const facility_list list{{unit}, utc_time{}};
  const auto batch = build_unit_records(list, changes_of_units(list, {}, gone_units::forgotten).value(), "t", versions);
  unit_changes end;
  end.gone = {{{"facility_code", "BAYSW"}, {"unit_code", "BW01"}}};
  const auto gone = build_unit_records(list, end, "t", versions);
  REQUIRE(batch.records.size() == 1);
  REQUIRE(gone.records.size() == 1);
  return "# the list of facilities: a unit\n" + shown(batch, batch.records[0], {"facility_code", "unit_code"}) +
         "# its tombstone, when it is no longer listed\n" + shown(gone, gone.records[0], {});
}

std::string examples() {
  const auto fuels = by_region_and_fueltech();
  const series_labels black{{"fueltech", "coal_black"}, {"region", "NSW1"}};
  auto wide = fuels;
  wide.identity.from = endpoint::market;
  wide.identity.secondary = secondary_grouping::none;
  wide.identity.shape = record_shape::wide;
  auto of_series = fuels;
  of_series.key = record_key_policy::series;
  auto with_header = fuels;
  with_header.schema = schema_name(endpoint::data);
  return "# shape long, labels of two names\n" + shown({"power", "1500.50", black, fuels, 0}, {"power", "revision"}) +
         "# its correction: the same key, and so the same partition\n" +
         shown({"power", "1501", black, fuels, 1}, {"power", "revision"}) + "# the same with record.headers: schema\n" +
         shown({"power", "1500.50", black, with_header, 0}, {"power", "revision"}) +
         "# the same with record.key: series\n" +
         shown({"power", "1500.50", black, of_series, 0}, {"power", "revision"}) + "# a whole network: no labels\n" +
         shown({"power", "23000", {}, fuels, 0}, {"power", "revision"}) + "# shape wide\n" +
         shown({"*", R"("price":147.55,"demand":7012.4)", {{"region", "NSW1"}}, wide, 0},
               {"price", "demand", "revision"}) +
         "# a unit whose code is A|B,C\n" +
         shown({"power", "12", {{"unit_code", "A|B,C"}}, fuels, 0}, {"power", "revision"}) + units();
}

}  // namespace

TEST_CASE("murmur2 is that of Java's client") {
  // From the tests of Apache Kafka's clients (UtilsTest.testMurmur2).
  CHECK(static_cast<std::int32_t>(murmur2("21")) == -973932308);
  CHECK(static_cast<std::int32_t>(murmur2("foobar")) == -790332482);
  CHECK(static_cast<std::int32_t>(murmur2("a-little-bit-long-string")) == -985981536);
  CHECK(static_cast<std::int32_t>(murmur2("a-little-bit-longer-string")) == -1486304829);
  CHECK(static_cast<std::int32_t>(murmur2("abc")) == 479470107);
}

TEST_CASE("the handbook's examples of keys are what the builders make") {
  std::ifstream file(std::string(OES_FIXTURES) + "/../../docs/records.md");
  const std::string handbook((std::istreambuf_iterator<char>(file)), {});
  const auto block = "<!-- keys:begin -->\n```\n" + examples() + "```\n<!-- keys:end -->";
  CHECK_MESSAGE(handbook.find(block) != std::string::npos, block);
}
