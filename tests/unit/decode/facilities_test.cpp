#include <doctest/doctest.h>

#include "decode/decode.hpp"
#include "fixture.hpp"

using namespace oes;
using namespace oes::test;

namespace {
const facility_unit* find_unit(const facility_list& list, std::string_view code) {
  for (const auto& unit : list.units) {
    if (unit.unit_code == code) return &unit;
  }
  return nullptr;
}
std::string one_facility(const std::string& inside) { return R"({"success":true,"data":[{)" + inside + "}]}"; }
}  // namespace

TEST_CASE("the list of facilities is read unit by unit, numbers digit by digit, times as served") {
  const auto list = decode_facilities(fixture_body("facilities")).value();
  REQUIRE(find_unit(list, "BW02") != nullptr);
  const auto& unit = *find_unit(list, "BW02");
  CHECK(unit.facility_code == "BAYSW");
  CHECK(unit.facility_name == "Bayswater");
  CHECK(unit.network_code == "NEM");
  CHECK(unit.network_region == "NSW1");
  CHECK(unit.lat == "-32.3935017885229");
  CHECK(unit.lng == "150.953963043732");
  CHECK(unit.fueltech == "coal_black");
  CHECK(unit.status == "operating");
  CHECK(unit.capacity_registered == "660.0");
  CHECK(unit.emissions_factor_co2 == "0.912643");
  CHECK(unit.data_first_seen == "2006-06-01T00:05:00Z");
  CHECK(unit.data_last_seen == "2026-11-23T11:10:00Z");
  CHECK(unit.dispatch_type == "GENERATOR");
  CHECK(!unit.max_generation.empty());
  CHECK(unit.max_generation_interval == "2024-01-18T16:30:00");
  CHECK(find_unit(list, "LD01") != nullptr);
}

TEST_CASE("units come sorted, each once, whatever the server's order") {
  const auto list = decode_facilities(R"({"data":[
      {"units":[{"code":"B2"},{"code":"B1"},{"code":"B1","status_id":"retired"}],"code":"B"},
      {"code":"A","units":[{"code":"A1"}]}],"total_records":2})")
                        .value();
  REQUIRE(list.units.size() == 3);
  CHECK(list.units[0].unit_code == "A1");
  CHECK(list.units[1].unit_code == "B1");
  CHECK(list.units[1].facility_code == "B");
  CHECK(list.units[2].unit_code == "B2");
}

TEST_CASE("what is left out, null or of another kind stays empty; strangers are passed over") {
  const auto list = decode_facilities(one_facility(R"("code":"A","name":null,"location":{"lat":"x","deep":{"lng":1}},
      "units":[{"code":"A1","capacity_maximum":null,"history":[{"code":"no"}]}],"more":{"units":[{"code":"no"}]})"))
                        .value();
  REQUIRE(list.units.size() == 1);
  CHECK(list.units[0].unit_code == "A1");
  CHECK(list.units[0].facility_name.empty());
  CHECK(list.units[0].lat.empty());
  CHECK(list.units[0].lng.empty());
  CHECK(list.units[0].capacity_maximum.empty());
}

TEST_CASE("what is written about a facility is its units', and whatever it is, they count") {
  const auto list =
      decode_facilities(
          one_facility(R"("code":"A","description":"line 1\n\tline 2 )" + std::string(5000, 'x') +
                       R"(","npi_id":"NPI 1","osm_way_id":123,"units":[{"code":"A1","dispatch_type":"a\u0000b",
      "capacity_storage":10.5,"closure_date":"2030-01-01T00:00:00Z","closure_date_specificity":"year"},{"code":"A2"}])"))
          .value();
  REQUIRE(list.units.size() == 2);
  CHECK(list.left_out == 0);
  for (const auto& unit : list.units) {
    CHECK(unit.description.starts_with("line 1 line 2 x"));
    CHECK(unit.description.size() <= 4096 + 3);
    CHECK(unit.npi_id == "NPI 1");
    CHECK(unit.osm_way_id == "123");
  }
  CHECK(list.units[0].dispatch_type == "a b");
  CHECK(list.units[0].capacity_storage == "10.5");
  CHECK(list.units[0].closure_date_specificity == "year");
}

TEST_CASE("a list that would make units disappear by mistake is malformed") {
  for (const auto* body : {"[]", "{}", R"({"data":[]})", R"({"data":{}})", R"({"data":null})", R"({"data":[1]})",
                           "<html>", R"({"data":[{"code":"A","units":[{"code":"A1"}])", R"({"meta":[{"code":"A"}]})"}) {
    CAPTURE(body);
    const auto list = decode_facilities(body);
    REQUIRE(list.has_error());
    CHECK(list.error().code == errc::malformed);
  }
  CHECK(decode_facilities(one_facility(R"("units":[{"code":"A1"}])")).has_error());
  CHECK(decode_facilities(one_facility(R"("code":"A","units":[{}])")).has_error());
}

TEST_CASE("I6: an entry that cannot be used is left out and told, the others are a list") {
  const auto list = decode_facilities(R"({"data":[
      {"code":"A","units":[{"code":"A1"},{"status_id":"retired"},{"code":"A\u0007"},{"code":7},{"code":"A2"}]},
      {"name":"no code","units":[{"code":"X1"},{"code":"X2"}]},
      {"code":"B","name":"a\u0000b","units":[{"code":"B1"}]},
      {"code":"C","units":[{"code":"C1"}]}]})");
  REQUIRE(list.has_value());
  REQUIRE(list->units.size() == 3);
  CHECK(list->units[0].unit_code == "A1");
  CHECK(list->units[1].unit_code == "A2");
  CHECK(list->units[2].unit_code == "C1");
  CHECK(list->left_out == 3 + 2 + 1);
  CHECK(list->left_out_because == "of a unit of facility 'A': it has no code");
  CHECK(decode_facilities(R"({"data":[{"code":"A","units":[{"code":"A1"}]}]})")->left_out == 0);
  const auto whose = [](const std::string& entry) {
    return decode_facilities(R"({"data":[{"code":"A","units":[{"code":"A1"}]},)" + entry + "]}").value().left_out_of;
  };
  CHECK(whose(R"({"code":"B","units":[{"code":""}]})") == std::set<std::string>{"B"});
  CHECK(whose(R"({"units":[{"status_id":null}],"name":"a\u0001b","code":"B"})") == std::set<std::string>{"B"});
  CHECK(whose(R"({"code":"B\u0001","units":[{"code":"B1"}]})") == std::set<std::string>{""});
  CHECK(whose(R"({"code":null,"units":[]})") == std::set<std::string>{""});
}

TEST_CASE("D3: a list of facilities is read in slices and to a bound") {
  std::string units = R"({"code":"U"})";
  for (int i = 0; i < 30'000; ++i) units += R"(,{"code":"U)" + std::to_string(i) + R"("})";
  const auto many = decode_facilities(R"({"data":[{"code":"A","units":[)" + units + "]}]}");
  REQUIRE(many.has_error());
  CHECK(many.error().context.find("more than 20,000 units") != std::string::npos);
  facility_decoder one(R"({"data":[{"code":"A","units":[{"code":"A1"}]}]})");
  std::size_t slices = 0;
  result<bool> finished = false;
  while (finished && !*finished) {
    finished = one.advance(3);
    ++slices;
  }
  REQUIRE(finished.has_value());
  CHECK(slices >= 6);
  CHECK(one.take().units.size() == 1);
}
