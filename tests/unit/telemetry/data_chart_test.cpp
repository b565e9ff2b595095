#include "telemetry/data_chart.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "telemetry/page_memory.hpp"
#include "telemetry/price_scale.hpp"

using namespace oes;
using namespace std::chrono_literals;

namespace {

network_time at(const char* hour) { return *parse_network_time(std::string("2026-11-23T") + hour); }
// NEM's 12:00.
utc_time noon() { return *parse_utc("2026-11-23T02:00:00Z"); }

data_chart generation() {
  data_chart chart;
  chart.follow({{network::nem, chart_part::generation, "s", "power", "MW", "", 5min}});
  return chart;
}

float value_at(const chart_curves& part, const std::string& layer, network_time label) {
  for (const auto& one : part.layers) {
    if (one.name == layer) return one.values.at(static_cast<std::size_t>((label - part.first) / 5min));
  }
  return NAN;
}

}  // namespace

TEST_CASE("series of one layer are added up, and a label is drawn only when all its series are there") {
  auto chart = generation();
  for (const auto* label : {"11:50:00", "11:55:00"}) {
    chart.add(0, "coal", "NSW1", at(label), 100);
    chart.add(0, "coal", "QLD1", at(label), 50);
    chart.add(0, "wind", "NSW1", at(label), 7);
  }
  chart.add(0, "coal", "NSW1", at("12:00:00"), 100);
  const auto parts = chart.curves(noon());
  REQUIRE(parts.size() == 1);
  CHECK(parts[0].complete == 2);
  CHECK(value_at(parts[0], "coal", at("11:55:00")) == 150);
  CHECK(value_at(parts[0], "wind", at("11:55:00")) == 7);
  CHECK(std::isnan(value_at(parts[0], "coal", at("12:00:00"))));
  chart.add(0, "coal", "QLD1", at("12:00:00"), 50);
  chart.add(0, "wind", "NSW1", at("12:00:00"), std::nullopt);
  CHECK(std::isnan(value_at(chart.curves(noon())[0], "coal", at("12:00:00"))));
  chart.add(0, "wind", "NSW1", at("12:00:00"), 0);
  CHECK(value_at(chart.curves(noon())[0], "coal", at("12:00:00")) == 150);
}

TEST_CASE("a series that begins later, or has ended for hours, holds back no label of the others") {
  auto chart = generation();
  chart.add(0, "gas", "a", at("08:00:00"), 1);
  for (const auto* label : {"08:00:00", "11:00:00"}) chart.add(0, "coal", "a", at(label), 5);
  chart.add(0, "wind", "a", at("11:00:00"), 3);
  const auto part = chart.curves(noon())[0];
  CHECK(value_at(part, "coal", at("08:00:00")) == 5);
  CHECK(value_at(part, "coal", at("11:00:00")) == 5);
  CHECK(part.complete == 2);
}

TEST_CASE("a day later a value is forgotten, and a newer one takes the older one's place") {
  auto chart = generation();
  chart.add(0, "coal", "a", at("11:00:00"), 5);
  chart.add(0, "coal", "a", at("11:00:00"), 6);
  CHECK(value_at(chart.curves(noon())[0], "coal", at("11:00:00")) == 6);
  chart.add(0, "coal", "a", at("11:00:00") + 24h, 9);
  CHECK(chart.curves(noon())[0].complete == 0);
  const auto next_day = chart.curves(noon() + 24h)[0];
  CHECK(next_day.complete == 1);
  chart.add(0, "coal", "a", at("10:00:00"), 1);  // a backfill
  CHECK(chart.curves(noon() + 24h)[0].complete == 1);
}

TEST_CASE("a source that stays keeps what it has, another one begins empty") {
  auto chart = generation();
  chart.add(0, "coal", "a", at("11:00:00"), 5);
  const chart_source same{network::nem, chart_part::generation, "s", "power", "", "", 5min};
  const chart_source other{network::wem, chart_part::generation, "t", "power", "", "", 5min};
  chart.follow({other, same});
  const auto parts = chart.curves(noon());
  CHECK(parts[0].complete == 0);
  CHECK(parts[1].complete == 1);
  CHECK(chart.sources_of("s", "power") == std::vector<std::size_t>{1});
  CHECK(chart.sources_of("s", "price").empty());
}

TEST_CASE("lines of prices do not wait for each other") {
  data_chart chart;
  chart.follow({{network::nem, chart_part::price, "s", "price", "", "", 5min}});
  chart.add(0, "NSW1", "NSW1", at("11:00:00"), 80);
  chart.add(0, "SA1", "SA1", at("11:00:00"), std::nullopt);
  const auto part = chart.curves(noon())[0];
  CHECK(value_at(part, "NSW1", at("11:00:00")) == 80);
  CHECK(std::isnan(value_at(part, "SA1", at("11:00:00"))));
}

TEST_CASE("all that the page remembers stays below 2 MiB, whatever the number of streams and series") {
  page_memory page;
  std::vector<chart_source> sources;
  sources.reserve(40);
  for (int i = 0; i < 40; ++i) {
    sources.push_back({network::nem, chart_part::generation, "s" + std::to_string(i), "power", "MW", "", 5min});
  }
  page.chart.follow(sources);
  for (std::size_t i = 0; i < page.chart.curves(noon()).size(); ++i) {
    for (int n = 0; n < 1000; ++n) page.chart.add(i, "layer", std::to_string(n), at("11:00:00"), 1);
  }
  daemon_status status;
  status.now = noon();
  for (int i = 0; i < 3000; ++i) status.members[{"stream-" + std::to_string(i), "power"}].stream = "x";
  page.lines.look(status);
  CHECK(page.chart.bytes() + page.lines.bytes() < 2UL * 1024 * 1024);
}

TEST_CASE("a day of lag and of records, in steps of five minutes") {
  page_history lines;
  daemon_status status;
  status.now = noon();
  auto& one = status.members[{"s", "power"}];
  one.state = stream_state::live;
  one.newest_at = noon() - 4min;
  one.records = 100;
  lines.look(status);
  one.records = 130;
  status.now += 2min;
  lines.look(status);
  status.now += 5min;
  one.records = 135;
  one.newest_at = status.now;
  lines.look(status);
  const auto day = lines.of("s");
  REQUIRE(day);
  CHECK(day->lag[287] == 0);
  CHECK(day->lag[286] == 360);
  CHECK(day->lag[285] == page_history::unknown);
  CHECK(day->records[286] == 30);
  CHECK(day->records[287] == 5);
  status.members.clear();
  lines.look(status);
  CHECK_FALSE(lines.of("s"));
}

TEST_CASE("extreme prices stay readable beside usual ones") {
  const price_scale wide(-1000, 17500);
  CHECK(wide.place(-1000) == doctest::Approx(0));
  CHECK(wide.place(17500) == doctest::Approx(1));
  CHECK(wide.place(80) - wide.place(40) > 0.03);
  const auto ticks = wide.ticks();
  for (const double price : {-1000.0, 0.0, 100.0, 1000.0, 17500.0}) {
    CHECK(std::find(ticks.begin(), ticks.end(), price) != ticks.end());
  }
  for (std::size_t i = 1; i < ticks.size(); ++i) CHECK(wide.place(ticks[i]) - wide.place(ticks[i - 1]) > 0.1);
}
