#include "records/facility_records.hpp"

#include <doctest/doctest.h>

#include "records/schema.hpp"

using namespace oes;

namespace {

facility_unit unit_of(std::string facility, std::string code) {
  facility_unit unit;
  unit.facility_code = std::move(facility);
  unit.facility_name = "Big \"B\"";
  unit.network_code = "NEM";
  unit.network_region = "NSW1";
  unit.lat = "-32.50";
  unit.lng = "150.9";
  unit.unit_code = std::move(code);
  unit.fueltech = "coal_black";
  unit.status = "operating";
  unit.capacity_registered = "660.0";
  unit.capacity_storage = "1320.0";
  unit.emissions_factor_co2 = "0.9";
  unit.dispatch_type = "GENERATOR";
  unit.expected_closure_date = "2033-01-01T00:00:00+10:00";
  unit.expected_closure_date_specificity = "year";
  unit.data_first_seen = "2006-06-01T00:05:00Z";
  unit.data_last_seen = "2026-11-23T11:10:00Z";
  return unit;
}

facility_list list_of(std::vector<facility_unit> units) { return {std::move(units), utc_time{}}; }

unit_changes changes(const facility_list& list, const ledger_image& published,
                     gone_units policy = gone_units::forgotten) {
  return changes_of_units(list, published, policy).value();
}

// What the progress topic holds after the update.
ledger_image stored(ledger_image image, const ledger_update& update) {
  for (const auto& entry : update.dictionary) image.dictionary[entry.series] = entry.labels;
  for (const auto& row : update.rows) image.rows[row.label] = row.cells;
  return image;
}

}  // namespace

TEST_CASE("a unit's record has the contract's fields in their order, numbers as served") {
  const auto list = list_of({unit_of("BAYSW", "BW01")});
  version_counter versions(41);
  const auto batch = build_unit_records(list, changes(list, {}), "t", versions);
  REQUIRE(batch.records.size() == 1);
  CHECK(batch.topics == std::vector<std::string>{"t"});
  CHECK(batch.key(batch.records[0]) == "v1|facility|BAYSW|BW01");
  CHECK(batch.value(batch.records[0]) ==
        R"({"facility_code":"BAYSW","facility_name":"Big \"B\"","network_code":"NEM","network_region":"NSW1",)"
        R"("lat":-32.50,"lng":150.9,"unit_code":"BW01","fueltech":"coal_black","fueltech_group":"coal",)"
        R"("status":"operating","capacity_registered":660.0,"capacity_storage":1320.0,"emissions_factor_co2":0.9,)"
        R"("dispatch_type":"GENERATOR","expected_closure_date":"2033-01-01T00:00:00+10:00",)"
        R"("expected_closure_date_specificity":"year",)"
        R"("data_first_seen":"2006-06-01T00:05:00Z","data_last_seen":"2026-11-23T11:10:00Z",)"
        R"("fetched_at":"1970-01-01T00:00:00.000Z","version":42})");
}

TEST_CASE("a record's fields are those of the list's schema, in its order") {
  auto unit = unit_of("BAYSW", "BW01");
  for (auto* const number : {&unit.capacity_maximum, &unit.max_generation}) *number = "670";
  for (auto* const text :
       {&unit.description, &unit.npi_id, &unit.osm_way_id, &unit.commencement_date, &unit.commencement_date_specificity,
        &unit.closure_date, &unit.closure_date_specificity, &unit.expected_operation_date,
        &unit.expected_operation_date_specificity, &unit.construction_start_date,
        &unit.construction_start_date_specificity, &unit.project_approval_date, &unit.project_approval_date_specificity,
        &unit.project_lodgement_date, &unit.max_generation_interval}) {
    *text = "as served";
  }
  const auto list = list_of({unit});
  version_counter versions(0);
  const auto batch = build_unit_records(list, changes(list, {}), "t", versions);
  const std::string value(batch.value(batch.records.at(0)));
  std::size_t at = 0;
  for (const auto& field : facility_list_schema()) {
    CAPTURE(field.name);
    const auto found = value.find("\"" + std::string(field.name) + "\":");
    REQUIRE(found != std::string::npos);
    CHECK(found >= at);
    at = found;
  }
  const auto quoted = print_facility_list_schema(schema_format::json_schema);
  CHECK(quoted.find(R"("required": ["facility_code", "unit_code", "fetched_at", "version"])") != std::string::npos);
}

TEST_CASE("the same list again changes nothing, though its units were read since") {
  auto list = list_of({unit_of("A", "A1"), unit_of("B", "B1")});
  const auto first = changes(list, {});
  CHECK(first.published.size() == 2);
  CHECK(first.after == stored({}, first.update));
  list.units[0].data_last_seen = "2026-11-24T11:10:00Z";
  list.units[0].max_generation = "670.5";
  list.units[0].max_generation_interval = "2026-11-24T11:05:00";
  list.received_at += std::chrono::hours(24);
  const auto again = changes(list, first.after);
  CHECK(again.empty());
  CHECK(again.update.rows.empty());
}

TEST_CASE("one changed unit is one record, and what is remembered follows") {
  auto list = list_of({unit_of("A", "A1"), unit_of("B", "B1")});
  auto known = changes(list, {}).after;
  list.units[1].status = "retired";
  const auto changed = changes(list, known);
  CHECK(changed.published == std::vector<std::size_t>{1});
  CHECK(stored(known, changed.update) == changed.after);
  CHECK(changes(list, changed.after).empty());
  list.units.insert(list.units.begin() + 1, unit_of("A", "A2"));
  const auto added = changes(list, changed.after);
  CHECK(added.published == std::vector<std::size_t>{1});
  REQUIRE(added.update.dictionary.size() == 1);
  CHECK(added.update.dictionary[0].series == 2);
}

TEST_CASE("a unit that disappears is a tombstone, and new when it comes back") {
  const auto both = list_of({unit_of("A", "A1"), unit_of("B|", "B1")});
  const auto one = list_of({unit_of("A", "A1")});
  const auto known = changes(both, {}).after;
  const auto gone = changes(one, known);
  REQUIRE(gone.gone.size() == 1);
  version_counter versions(0);
  const auto batch = build_unit_records(one, gone, "t", versions);
  REQUIRE(batch.records.size() == 1);
  CHECK(batch.records[0].tombstone);
  CHECK(batch.key(batch.records[0]) == "v1|facility|B%7C|B1");
  CHECK(batch.value(batch.records[0]).empty());
  CHECK(changes(one, gone.after).empty());
  CHECK(changes(both, gone.after).published == std::vector<std::size_t>{1});
}

TEST_CASE("without tombstones it is left as it is, and nothing new when it comes back unchanged") {
  const auto both = list_of({unit_of("A", "A1"), unit_of("B", "B1")});
  const auto one = list_of({unit_of("A", "A1")});
  const auto known = changes(both, {}).after;
  const auto gone = changes(one, known, gone_units::left_as_they_are);
  CHECK(gone.empty());
  CHECK(changes(both, gone.after, gone_units::left_as_they_are).empty());
}

TEST_CASE("I6: what cannot be used in one facility holds back that facility's units alone, of an unknown one all") {
  const auto all = list_of({unit_of("A", "A1"), unit_of("A", "A2"), unit_of("B", "B1"), unit_of("C", "C1")});
  const auto known = changes(all, {}).after;
  auto some = list_of({unit_of("A", "A1"), unit_of("C", "C1")});
  some.left_out = 1;
  some.left_out_of = {"A"};
  const auto found = changes(some, known);
  CHECK(found.gone == std::vector<series_labels>{{{"facility_code", "B"}, {"unit_code", "B1"}}});
  some.left_out = 0;
  some.left_out_of.clear();
  CHECK(changes(some, found.after).gone == std::vector<series_labels>{{{"facility_code", "A"}, {"unit_code", "A2"}}});
  some.left_out = 1;
  some.left_out_of = {""};
  CHECK(changes(some, known).gone.empty());
}

TEST_CASE("a list that has lost most of its units is not believed") {
  facility_list all;
  for (int i = 10; i < 30; ++i) all.units.push_back(unit_of("F" + std::to_string(i), "U"));
  const auto known = changes(all, {}).after;
  auto few = all;
  few.units.resize(8);
  const auto refused = changes_of_units(few, known, gone_units::forgotten);
  REQUIRE(refused.has_error());
  CHECK(refused.error().code == errc::malformed);
  few = all;
  few.units.resize(12);
  CHECK(changes(few, known).gone.size() == 8);
}
