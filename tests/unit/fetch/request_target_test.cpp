#include "fetch/request_target.hpp"

#include <doctest/doctest.h>

namespace oes {
namespace {

fetch_request request_for(endpoint from, std::vector<std::string> metrics) {
  fetch_request out;
  out.identity.from = from;
  out.metrics = std::move(metrics);
  out.window.start = *parse_network_time("2026-11-22T00:00:00");
  out.window.end = parse_network_time("2026-11-22T01:00:00");
  return out;
}

}  // namespace

TEST_CASE("metrics of one group travel in one request, the key repeated") {
  const auto request = request_for(endpoint::data, {"power", "energy"});
  CHECK(request_path(request.identity) == "/data/network/NEM");
  CHECK(request_query(request) ==
        "metrics=power&metrics=energy&interval=5m&date_start=2026-11-22T00:00:00&date_end=2026-11-22T01:00:00");
}

TEST_CASE("a season is asked for where its data lie, not where its label is") {
  auto request = request_for(endpoint::data, {"energy"});
  request.identity.interval = interval_size::season;
  request.window = {*parse_network_time("2026-01-01T00:00:00"), parse_network_time("2026-04-01T00:00:00")};
  CHECK(request_query(request) ==
        "metrics=energy&interval=season&date_start=2026-03-01T00:00:00&date_end=2026-06-01T00:00:00");
}

TEST_CASE("a live query has no end") {
  auto request = request_for(endpoint::market, {"price"});
  request.identity.net = network::wem;
  request.window.end.reset();
  CHECK(request_path(request.identity) == "/market/network/WEM");
  CHECK(request_query(request) == "metrics=price&interval=5m&date_start=2026-11-22T00:00:00");
}

TEST_CASE("groupings and filters of network data") {
  auto request = request_for(endpoint::data, {"power"});
  request.window.end.reset();
  request.identity.primary = primary_grouping::network_region;
  request.identity.secondary = secondary_grouping::fueltech;
  request.identity.filter.network_region = "NSW1";
  request.identity.filter.fueltechs = {"coal_black", "wind"};
  request.identity.filter.fueltech_groups = {"coal"};
  CHECK(request_query(request) ==
        "metrics=power&interval=5m&primary_grouping=network_region&network_region=NSW1&secondary_grouping=fueltech&"
        "fueltech=coal_black&fueltech=wind&fueltech_group=coal&date_start=2026-11-22T00:00:00");
}

TEST_CASE("the market knows regions but no secondary grouping") {
  auto request = request_for(endpoint::market, {"demand"});
  request.identity.interval = interval_size::mo1;
  request.identity.primary = primary_grouping::network_region;
  request.identity.secondary = secondary_grouping::status;
  request.identity.filter.fueltechs = {"wind"};
  CHECK(request_query(request) ==
        "metrics=demand&interval=1M&primary_grouping=network_region&date_start=2026-11-22T00:00:00&"
        "date_end=2026-11-22T01:00:00");
}

TEST_CASE("facility series always name their facilities") {
  auto request = request_for(endpoint::facility, {"power"});
  request.identity.primary = primary_grouping::network_region;
  request.identity.filter.facility_codes = {"ERARING", "BULGANA"};
  CHECK(request_path(request.identity) == "/data/facilities/NEM");
  CHECK(request_query(request) ==
        "metrics=power&interval=5m&facility_code=ERARING&facility_code=BULGANA&date_start=2026-11-22T00:00:00&"
        "date_end=2026-11-22T01:00:00");
}

TEST_CASE("the facilities list has its slash and no window") {
  auto request = request_for(endpoint::facilities, {});
  CHECK(request_path(request.identity) == "/facilities/");
  CHECK(request_query(request).empty());
  request.identity.filter.facility_codes = {"BAYSW"};
  CHECK(request_query(request) == "facility_code=BAYSW");
}

TEST_CASE("values cannot break out of their place in the query") {
  CHECK(percent_encoded("2026-11-22T00:00:00") == "2026-11-22T00:00:00");
  CHECK(percent_encoded("a&b=c d+e,f/\r\n") == "a%26b%3Dc%20d%2Be%2Cf%2F%0D%0A");
  CHECK(percent_encoded("\xc3\xa9") == "%C3%A9");
  auto request = request_for(endpoint::data, {"power&x=1"});
  CHECK(request_query(request).starts_with("metrics=power%26x%3D1&interval"));
}

}  // namespace oes
