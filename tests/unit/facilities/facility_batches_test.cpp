#include "facilities/facility_batches.hpp"

#include <doctest/doctest.h>

#include "support/times.hpp"
#include "unit/pipeline/facility_samples.hpp"

using namespace oes;
using namespace oes::test;

namespace {
const auto now = at("2026-11-23T10:00:00");
using codes = std::vector<std::string>;
}  // namespace

TEST_CASE("facilities are asked by thirty, each once") {
  auto list = many_facilities(61);
  list.units.push_back(unit_of("F000", "F000V"));  // a second unit of the first
  const auto batches = batches_of(facility_identity(), list, now);
  REQUIRE(batches.size() == 3);
  CHECK(batches[0].size() == 30);
  CHECK(batches[0].front() == "F000");
  CHECK(batches[1].size() == 30);
  CHECK(batches[2] == codes{"F060"});
}

TEST_CASE("only the network's own facilities, and of them the ones that the filters let through") {
  facility_list list;
  list.units = {unit_of("A", "A1", "wind", "NSW1"), unit_of("B", "B1", "solar_utility", "NSW1"),
                unit_of("C", "C1", "wind", "VIC1"), unit_of("W", "W1")};
  list.units[3].network_code = "WEM";
  auto id = facility_identity();
  CHECK(batches_of(id, list, now) == batch_list{{"A", "B", "C"}});
  id.filter.network_region = "NSW1";
  CHECK(batches_of(id, list, now) == batch_list{{"A", "B"}});
  id.filter.fueltech_groups = {"solar"};
  CHECK(batches_of(id, list, now) == batch_list{{"B"}});
  id.filter = {};
  id.filter.facility_codes = {"all"};
  id.filter.fueltechs = {"wind"};
  CHECK(batches_of(id, list, now) == batch_list{{"A", "C"}});
  id.net = network::wem;
  CHECK(batches_of(id, list, now) == batch_list{{"W"}});
}

TEST_CASE("codes of the configuration are asked as they are, known to the list or not") {
  const auto list = many_facilities(3);
  CHECK(batches_of(facility_identity({"NEW", "F001"}), list, now) == batch_list{{"F001", "NEW"}});
}

TEST_CASE("a facility whose units had all retired before the window costs nothing") {
  facility_list list;
  list.units = {unit_of("A", "A1"), unit_of("B", "B1"), unit_of("B", "B2"), unit_of("C", "C1")};
  for (auto& unit : list.units) unit.status = "retired";
  list.units[0].data_last_seen = "2023-04-28T00:00:00+10:00";
  list.units[1].data_last_seen = "2023-04-28T00:00:00Z";
  list.units[2].status = "operating";
  list.units[3].data_last_seen = "";
  CHECK(batches_of(facility_identity(), list, now) == batch_list{{"B", "C"}});
  CHECK(batches_of(facility_identity(), list, at("2023-04-30T00:00:00")) == batch_list{{"A", "B", "C"}});
}

TEST_CASE("windows are as long as the answers' size allows, and never shorter than an interval") {
  const auto list = many_facilities(60);
  const auto id = facility_identity();
  const auto at_most = [&](std::size_t bytes) { return window_for_batches(id, 5, list, now, bytes); };
  // 30 units, 5 metrics, 48 bytes a point, half of the bytes.
  CHECK(at_most(std::size_t{100} * 2 * 30 * 5 * 48) == 100 * std::chrono::minutes(5));
  CHECK(at_most(1) == std::chrono::minutes(5));
  CHECK(window_for_batches(id, 1, list, now, 1 << 20) > at_most(1 << 20));
  auto daily = id;
  daily.interval = interval_size::d1;
  CHECK(window_for_batches(daily, 5, list, now, 1) == std::chrono::hours(24));
}
