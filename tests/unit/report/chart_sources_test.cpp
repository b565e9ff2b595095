#include "report/chart_sources.hpp"

#include <doctest/doctest.h>

using namespace oes;

namespace {

stream_spec generation(const std::string& name) {
  stream_spec stream;
  stream.name = name;
  stream.metrics = {"power"};
  stream.secondary = secondary_grouping::fueltech_group;
  stream.topic = "t.{dataset}";
  return stream;
}

std::vector<std::string> names(const std::vector<stream_spec>& streams) {
  std::vector<std::string> out;
  for (const auto& one : chart_sources(make_groups(streams))) out.push_back(one.stream + "/" + one.metric);
  return out;
}

}  // namespace

TEST_CASE("one stream of each network is drawn: the whole network, the finest, the first by name") {
  auto region = generation("a-region");
  region.filter.network_region = "NSW1";
  auto hourly = generation("b-hourly");
  hourly.interval = interval_size::h1;
  auto fine = generation("d-fine");
  auto later = generation("e-later");
  auto wem = generation("f-wem");
  wem.net = network::wem;
  CHECK(names({region, hourly, later, fine, wem}) == std::vector<std::string>{"d-fine/power", "f-wem/power"});
  CHECK(names({region, hourly}) == std::vector<std::string>{"b-hourly/power"});
  const auto alone = chart_sources(make_groups({region}));
  REQUIRE(alone.size() == 1);
  CHECK(alone[0].scope == "NSW1");
}

TEST_CASE("what is not all of the generation is none, nor is a day's or a wide record") {
  auto some = generation("some");
  some.filter.fueltechs = {"wind"};
  auto total = generation("total");
  total.secondary = secondary_grouping::none;
  auto daily = generation("daily");
  daily.interval = interval_size::d1;
  auto wide = generation("wide");
  wide.shape = record_shape::wide;
  CHECK(names({some, total, daily, wide}).empty());
}

TEST_CASE("a stream with prices gives the line") {
  auto market = generation("market");
  market.metrics = {"price", "demand"};
  market.secondary = secondary_grouping::none;
  CHECK(names({market, generation("fuel")}) == std::vector<std::string>{"fuel/power", "market/price"});
}
