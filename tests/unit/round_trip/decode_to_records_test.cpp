// Recorded answers walk through decode, selection and record builder, and every point is found again, digit by digit.
#include <doctest/doctest.h>

#include <map>

#include "decode/decode.hpp"
#include "records/record_builder.hpp"
#include "unit/decode/fixture.hpp"
#include "unit/records/flat_json.hpp"

using namespace oes;
using namespace oes::test;

namespace {

// What identifies a point, and its number; from either end of the walk.
using numbers = std::map<std::string, std::string>;

numbers of_answer(const time_series_answer& answer, network net) {
  numbers out;
  for (const auto& block : answer.blocks) {
    for (const auto& one : block.all) {
      std::string labels;
      for (const auto& [name, value] : one.labels)
        labels.append(labels.empty() ? "" : ",").append(name).append("=").append(value);
      for (const auto& p : one.points) {
        auto key = block.metric;
        key.append("|").append(labels).append("|").append(format(p.label, utc_offset(net)));
        out[key] = p.is_null() ? "null" : std::string(answer.text(p));
      }
    }
  }
  return out;
}

numbers of_records(const time_series_answer& answer, const group_identity& identity) {
  const auto first = parse_network_time("1998-01-01T00:00:00").value();
  const auto last = parse_network_time("2100-01-01T00:00:00").value();
  const ledger nothing(identity.interval);
  std::vector<record_plan> plans;
  for (std::size_t i = 0; i < answer.blocks.size(); ++i) {
    record_options options;
    options.identity = identity;
    plans.push_back({select_changes(answer, i, nothing, {first, first, last, revision_policy::all, true}), options});
  }
  record_builder builder(answer, std::move(plans));
  version_counter versions(0);
  numbers out;
  std::string last_interval;
  while (!builder.done()) {
    const auto chunk = builder.next({.records = 100, .bytes = 20'000}, versions);
    for (const auto& record : chunk.batch.records) {
      const auto members = flat(chunk.batch.value(record));
      REQUIRE_FALSE(members.empty());
      const auto interval = text_of(members, "interval");
      CHECK(last_interval <= interval);
      last_interval = interval;
      const auto* value = find(members, "value");
      REQUIRE(value != nullptr);
      std::string key(chunk.batch.key(record));
      // v1|network|interval size|…
      for (int i = 0; i < 3; ++i) key.erase(0, key.find('|') + 1);
      const bool is_new = out.emplace(key, value->type == '0' ? "null" : value->text).second;
      CHECK(is_new);
    }
  }
  return out;
}

void check_round_trip(const std::string& name, network net, interval_size interval) {
  CAPTURE(name);
  const auto answer = decode(answered(fixture_body(name)), {net, interval, {}}).value();
  const auto expected = of_answer(answer, net);
  CHECK_FALSE(expected.empty());
  group_identity identity;
  identity.net = net;
  identity.interval = interval;
  CHECK(of_records(answer, identity) == expected);
}

}  // namespace

TEST_CASE("every point of a recorded answer is one record with its own digits") {
  for (const auto* name : {"data_default", "data_dup_metric", "data_edge_explicit_future", "data_gap_SA1",
                           "data_null_vic_wind", "data_region_ftgroup", "data_region_fueltech", "data_region_only",
                           "data_renewable", "data_status", "fac_gap_interior", "fac_units",
                           "market_filter_region_only", "market_network", "market_price_null", "market_region"}) {
    check_round_trip(name, network::nem, interval_size::m5);
  }
  check_round_trip("data_wem", network::wem, interval_size::m5);
  check_round_trip("market_wem", network::wem, interval_size::h1);
  check_round_trip("data_au", network::au, interval_size::h1);
  check_round_trip("data_au_5m", network::au, interval_size::m5);
  check_round_trip("data_7d", network::nem, interval_size::d7);
  check_round_trip("data_1M", network::nem, interval_size::mo1);
}
