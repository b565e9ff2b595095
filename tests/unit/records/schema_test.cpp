#include "records/schema.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "flat_json.hpp"
#include "model/metric.hpp"
#include "model/stream.hpp"
#include "records/widen.hpp"
#include "sample_answer.hpp"

using namespace oes;
using namespace oes::test;

namespace {

bool has_type(const json_member& member, const schema_field& field) {
  switch (field.type) {
    case field_type::string:
      return member.type == 's';
    case field_type::timestamp:
      return member.type == 's' && parse_utc(member.text).has_value();
    case field_type::number:
      return member.type == 'n' || (member.type == '0' && field.name == "value");
    case field_type::integer:
      return member.type == 'n' && member.text.find_first_not_of("0123456789") == std::string::npos;
    case field_type::boolean:
      return member.type == 'b';
    case field_type::string_map:
      return member.type == 'm';
  }
  return false;
}

// Every member known, in the table's order, of the table's type; what must be there is there.
void check_against_table(std::string_view value, bool wide = false) {
  const auto members = flat(value);
  REQUIRE_FALSE(members.empty());
  auto member = members.begin();
  for (const auto& field : record_schema()) {
    const bool here = member != members.end() && member->name == field.name;
    if (field.there == presence::always || (field.there == presence::but_in_wide && !wide)) CHECK(here);
    if (field.there == presence::but_in_wide && wide) CHECK_FALSE(here);
    if (!here) continue;
    CHECK(has_type(*member, field));
    ++member;
  }
  CHECK(member == members.end());
}

std::vector<std::string> columns_of(const std::string& ddl) {
  std::vector<std::string> out;
  for (auto at = ddl.find('`'); at != std::string::npos; at = ddl.find('`', at + 1)) {
    const auto end = ddl.find('`', at + 1);
    out.push_back(ddl.substr(at + 1, end - at - 1));
    at = end;
  }
  return out;
}

}  // namespace

TEST_CASE("a metric may pass through unless its name is another field's") {
  for (const auto& field : record_schema()) {
    CAPTURE(field.name);
    CHECK(may_be_metric(field.name) == find_metric(field.name).has_value());
  }
  CHECK(may_be_metric("demand_forecast"));
  for (const auto* name : {"", "2nd", "Power", "a-b", "a\"b", "a,b", "\xC3\xA4"}) CHECK_FALSE(may_be_metric(name));
}

TEST_CASE("wide records are what the schema says, with the columns in its order") {
  stream_spec stream;
  stream.shape = record_shape::wide;
  for (const auto& metric : known_metrics()) stream.metrics.emplace_back(metric.name);
  std::reverse(stream.metrics.begin(), stream.metrics.end());
  for (const auto& part : parts_of(stream)) {
    sample_answer sample;
    for (const auto& metric : part.metrics) {
      sample.block(metric, "MW").add({{"region", "SA1"}}, {{"2026-11-23T10:05:00", "-1.5e3"}});
    }
    time_series_answer answer;
    answer.body = std::make_unique<std::string>(*sample.get().body);
    answer.blocks = sample.get().blocks;
    auto options = by_region_and_fueltech();
    options.identity.shape = record_shape::wide;
    const auto batch = build_all(widen(std::move(answer), part.metrics), options);
    REQUIRE(batch.records.size() == 1);
    check_against_table(batch.value(batch.records[0]), true);
  }
}

TEST_CASE("every record is what the schema says, for every metric") {
  for (const auto& metric : known_metrics()) {
    CAPTURE(metric.name);
    sample_answer sample;
    sample.block(std::string(metric.name), std::string(metric.unit));
    sample.add({{"facility_code", "F"},
                {"fueltech", "wind"},
                {"region", "SA1"},
                {"renewable", "true"},
                {"status", "operating"},
                {"unit_code", "U"},
                {"zone", "N"}},
               {{"2026-11-23T10:05:00", "-1.5e3"}, {"2026-11-23T10:10:00", ""}});
    sample.add({}, {{"2026-11-23T10:05:00", "0"}});
    auto options = by_region_and_fueltech();
    options.states_provisional = true;
    options.backfill = true;
    const auto full = build_all(sample.get(), options, true);
    REQUIRE(full.records.size() == 3);
    for (const auto& record : full.records) {
      check_against_table(full.value(record));
      const auto members = flat(full.value(record));
      const auto* value = find(members, "value");
      const auto* column = find(members, metric.name);
      CHECK((column != nullptr) == (value->type == 'n'));
      if (column != nullptr) CHECK(column->text == value->text);
    }
    const auto au = build_all(sample.get(), [] {
      record_options plain;
      plain.identity.net = network::au;
      return plain;
    }());
    for (const auto& record : au.records) check_against_table(au.value(record));
  }
}

TEST_CASE("the 22 columns of the replaced source, in its order") {
  const std::vector<std::string> expected{"interval",
                                          "network_code",
                                          "metric",
                                          "unit",
                                          "fueltech_group",
                                          "network_region",
                                          "unit_code",
                                          "power",
                                          "energy",
                                          "emissions",
                                          "market_value",
                                          "renewable_proportion",
                                          "storage_battery",
                                          "price",
                                          "demand",
                                          "demand_energy",
                                          "curtailment",
                                          "curtailment_energy",
                                          "curtailment_solar_utility",
                                          "curtailment_solar_utility_energy",
                                          "curtailment_wind",
                                          "curtailment_wind_energy"};
  REQUIRE(expected.size() == 22);
  CHECK(columns_of(print_schema(schema_format::spark_ddl, true)) == expected);
}

TEST_CASE("the table and the list of metrics agree") {
  const auto fields = record_schema();
  for (const auto& metric : known_metrics()) {
    CAPTURE(metric.name);
    const auto field = std::find_if(fields.begin(), fields.end(), [&](const auto& f) { return f.name == metric.name; });
    REQUIRE(field != fields.end());
    CHECK(field->type == field_type::number);
    CHECK(field->in_replaced_schema == metric.in_replaced_schema);
    CHECK(field->note == metric.unit);
  }
}

TEST_CASE("every printed form names every field") {
  for (const auto format :
       {schema_format::json_schema, schema_format::spark_ddl, schema_format::pyspark, schema_format::markdown}) {
    const auto text = print_schema(format, false);
    for (const auto& field : record_schema()) CHECK(text.find(field.name) != std::string::npos);
    CHECK(print_schema(format, true).find("fetched_at") == std::string::npos);
    CHECK(text.back() == '\n');
  }
  CHECK(print_schema(schema_format::spark_ddl, true).rfind("`interval` TIMESTAMP,\n`network_code` STRING,", 0) == 0);
  CHECK(print_schema(schema_format::pyspark, false)
            .find("StructField(\"extra\", MapType(StringType(), StringType()), True)") != std::string::npos);
  CHECK(print_schema(schema_format::markdown, false).find("| `power` | double |  | yes | MW |") != std::string::npos);
}
