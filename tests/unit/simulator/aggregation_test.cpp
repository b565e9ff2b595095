#include "simulator/aggregation.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <map>

#include "simulator/api.hpp"
#include "simulator/python_number.hpp"

using namespace oes::sim;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

oes::network_time at(const char* text) { return *oes::parse_network_time(text); }

const realism calm{7, 0, 0, 0, 0};
const realism usual{7};
const oes::utc_time now = *oes::parse_utc("2026-11-23T10:02:30Z");  // 20:02:30 in the NEM

const world& the_world() {
  static const world w = make_world(at("2026-09-01T00:00:00"));
  return w;
}

series_query ask(const std::vector<const char*>& metrics, const char* start, const char* end) {
  series_query q;
  for (const auto* name : metrics) q.metrics.push_back(find_metric_entry(name));
  q.kind = q.metrics.front()->plan->from == table::market ? query_kind::market : query_kind::data;
  q.start = at(start);
  q.end = at(end);
  return q;
}

std::map<std::string, grouped_series> by_key(const std::vector<grouped_series>& all) {
  std::map<std::string, grouped_series> out;
  for (const auto& s : all) out[s.key] = s;
  return out;
}

}  // namespace

TEST_CASE("bounds are half-open") {
  const auto all = run_query(the_world(), calm, ask({"power"}, "2026-11-22T00:00:00", "2026-11-22T01:00:00"), now);
  REQUIRE(all.size() == 1);
  CHECK(all[0].key == "total");
  CHECK(all[0].at.size() == 12);
  CHECK(oes::format(all[0].at.back()) == "2026-11-22T00:55:00");
  CHECK(run_query(the_world(), calm, ask({"power"}, "2026-11-22T00:00:00", "2026-11-22T00:00:00"), now).empty());
  CHECK(run_query(the_world(), calm, ask({"power"}, "2031-01-01T00:00:00", "2031-01-02T00:00:00"), now).empty());
}

TEST_CASE("a network's power is the sum of its regions', its price their mean") {
  auto power = ask({"power"}, "2026-11-22T12:00:00", "2026-11-22T12:05:00");
  const auto total = run_query(the_world(), calm, power, now)[0].values[0];
  power.primary = oes::primary_grouping::network_region;
  double sum = 0;
  for (const auto& s : run_query(the_world(), calm, power, now)) sum += s.values[0];
  CHECK(total == doctest::Approx(sum));

  auto price = ask({"price"}, "2026-11-22T12:00:00", "2026-11-22T12:05:00");
  const auto mean = run_query(the_world(), calm, price, now)[0].values[0];
  price.primary = oes::primary_grouping::network_region;
  const auto regions = run_query(the_world(), calm, price, now);
  REQUIRE(regions.size() == 5);
  double prices = 0;
  for (const auto& s : regions) prices += s.values[0];
  CHECK(mean == doctest::Approx(prices / 5).epsilon(1e-6));
}

TEST_CASE("over an hour rates average and quantities sum") {
  auto q = ask({"power", "energy"}, "2026-11-22T12:00:00", "2026-11-22T13:00:00");
  const auto fine = run_query(the_world(), calm, q, now)[0];
  q.interval = oes::interval_size::h1;
  const auto hour = run_query(the_world(), calm, q, now)[0];
  REQUIRE(hour.at.size() == 1);
  double power = 0;
  double energy = 0;
  for (std::size_t i = 0; i < fine.at.size(); ++i) {
    power += fine.values[2 * i];
    energy += fine.values[2 * i + 1];
  }
  CHECK(hour.values[0] == doctest::Approx(power / 12));
  CHECK(hour.values[1] == doctest::Approx(energy));
  CHECK(hour.values[0] == round_to(hour.values[0], 6));
}

TEST_CASE("an hour asked from its middle is a partial bucket under the hour's label") {
  auto q = ask({"energy"}, "2026-11-22T00:30:00", "2026-11-22T02:00:00");
  q.interval = oes::interval_size::h1;
  const auto s = run_query(the_world(), calm, q, now)[0];
  CHECK(oes::format(s.at.front()) == "2026-11-22T00:00:00");
  CHECK(s.values[0] < 0.7 * s.values[1]);
}

TEST_CASE("there are as many series as in the real network") {
  auto q = ask({"power"}, "2026-11-22T12:00:00", "2026-11-22T12:05:00");
  q.primary = oes::primary_grouping::network_region;
  q.secondary = oes::secondary_grouping::fueltech;
  CHECK(run_query(the_world(), calm, q, now).size() == 61);
  const auto fixed = make_fixed_world(at("2026-09-01T00:00:00"));
  q.metrics.push_back(find_metric_entry("storage_battery"));
  const auto all = run_query(fixed, calm, q, now);
  CHECK(all.size() == 50);
  for (const auto& s : all) {
    for (const auto value : s.values) CHECK_FALSE(std::isnan(value));
  }
}

TEST_CASE("AU adds the WEM by its naive label, without its rooftop") {
  auto q = ask({"power"}, "2026-11-20T12:00:00", "2026-11-20T12:05:00");
  const auto nem = run_query(the_world(), calm, q, now)[0].values[0];
  q.net = oes::network::wem;
  q.secondary = oes::secondary_grouping::fueltech;
  const auto wem = by_key(run_query(the_world(), calm, q, now));
  q.net = oes::network::au;
  q.secondary = oes::secondary_grouping::none;
  const auto au = run_query(the_world(), calm, q, now)[0].values[0];
  double expected = nem;
  for (const auto& [fueltech, s] : wem) expected += fueltech == "solar_rooftop" ? 0 : s.values[0];
  CHECK(au == doctest::Approx(expected));
}

TEST_CASE("units merge into one series with repeated labels when no facility was named") {
  auto q = ask({"power"}, "2026-11-22T00:00:00", "2026-11-22T01:00:00");
  q.kind = query_kind::facility;
  q.unit_codes = {"ER01", "ER02"};
  const auto merged = run_query(the_world(), calm, q, now);
  REQUIRE(merged.size() == 1);
  CHECK(merged[0].key == "total");
  CHECK(merged[0].at.size() == 24);
  CHECK(merged[0].at[0] == merged[0].at[1]);
  q.facility_codes = {"ERARING"};
  CHECK(run_query(the_world(), calm, q, now).size() == 2);
}

TEST_CASE("gaps between a series' points are nulls, edges are left out") {
  const realism holes{7, 0, 0, 0.2, 0};
  auto q = ask({"power", "emissions"}, "2026-11-10T00:00:00", "2026-11-14T00:00:00");
  q.primary = oes::primary_grouping::network_region;
  q.secondary = oes::secondary_grouping::fueltech;
  bool interior = false;
  bool reading_missing = false;
  for (const auto& s : run_query(the_world(), holes, q, now)) {
    for (std::size_t i = 1; i < s.at.size(); ++i) CHECK(s.at[i] - s.at[i - 1] == minutes(5));
    for (std::size_t i = 0; i < s.at.size(); ++i) {
      const bool no_power = std::isnan(s.values[2 * i]);
      const bool no_emissions = std::isnan(s.values[2 * i + 1]);
      interior = interior || (no_power && no_emissions);
      // emissions are 0.0 where a row exists without a reading
      reading_missing = reading_missing || (no_power && !no_emissions);
    }
  }
  CHECK(interior);
  CHECK(reading_missing);
}

TEST_CASE("a live question withholds the newest label, an explicit end shows it") {
  series_job job;
  job.now = now;
  job.asked.query = ask({"power"}, "2026-11-23T19:00:00", "2026-11-23T20:00:00");
  job.network_code = "NEM";
  const auto newest = oes::format(newest_label(the_world(), calm, table::data, oes::network::nem, now));
  CHECK(newest == "2026-11-23T19:55:00");
  CHECK(read_series(the_world(), calm, job).body->find(newest) != std::string::npos);
  job.asked.live = true;
  CHECK(read_series(the_world(), calm, job).body->find(newest) == std::string::npos);
}

TEST_CASE("the edge of the market lacks what other feeds bring, one step later it is complete") {
  auto q = ask({"price", "demand_energy", "renewable_proportion"}, "2026-11-23T20:00:00", "2026-11-23T20:05:00");
  const realism how{7, 0.2, 0, 0, 0};
  const auto edge = run_query(the_world(), how, q, now + minutes(1));
  REQUIRE(edge.size() == 1);
  CHECK_FALSE(std::isnan(edge[0].values[0]));
  CHECK(std::isnan(edge[0].values[1]));
  CHECK(std::isnan(edge[0].values[2]));
  const auto later = run_query(the_world(), how, q, now + minutes(7))[0];
  CHECK_FALSE(std::isnan(later.values[1]));
  CHECK(later.values[2] == round_to(later.values[2], 2));
}

TEST_CASE("values settle: what was read after a week never changes again") {
  auto q = ask({"power", "energy"}, "2026-11-10T00:00:00", "2026-11-11T00:00:00");
  q.primary = oes::primary_grouping::network_region;
  const auto week = oes::to_utc(q.end, oes::network::nem) + hours(24 * 7);
  const auto one = run_query(the_world(), usual, q, week);
  const auto other = run_query(the_world(), usual, q, week + hours(24 * 30));
  REQUIRE(one.size() == other.size());
  for (std::size_t s = 0; s < one.size(); ++s) {
    REQUIRE(one[s].at == other[s].at);
    for (std::size_t i = 0; i < one[s].values.size(); ++i) {
      const bool same =
          one[s].values[i] == other[s].values[i] || (std::isnan(one[s].values[i]) && std::isnan(other[s].values[i]));
      CHECK(same);
    }
  }
}

TEST_CASE("a summer is January, February and December of one year, in one row") {
  const auto w = make_world(at("2024-12-01T00:00:00"));
  const auto energy_of = [&](oes::interval_size interval, const char* start, const char* end) {
    auto q = ask({"energy"}, start, end);
    q.interval = interval;
    q.network_region = "TAS1";  // few units: this is a year of rows
    q.fueltechs = {"wind"};
    return run_query(w, calm, q, now).at(0);
  };
  const auto seasons = energy_of(oes::interval_size::season, "2025-01-01T00:00:00", "2026-01-01T00:00:00");
  REQUIRE(seasons.at.size() == 4);
  CHECK(oes::format(seasons.at[3]) == "2025-10-01T00:00:00");
  const auto months = energy_of(oes::interval_size::mo1, "2025-01-01T00:00:00", "2026-01-01T00:00:00");
  REQUIRE(months.at.size() == 12);
  CHECK(seasons.values[3] == doctest::Approx(months.values[0] + months.values[1] + months.values[11]));
  CHECK(seasons.values[0] == doctest::Approx(months.values[2] + months.values[3] + months.values[4]));
}
