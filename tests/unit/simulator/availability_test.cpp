#include "simulator/availability.hpp"

#include <doctest/doctest.h>

#include <optional>

#include "simulator/outages.hpp"
#include "simulator/random.hpp"

using namespace oes::sim;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

const oes::network_time noon = *oes::parse_network_time("2026-11-20T12:00:00");
const realism calm_data{7, 0, 0, 0, 0};

row_group data_row(oes::network net, bool rooftop = false) { return {table::data, net, 11, 3, rooftop}; }

std::optional<oes::utc_time> appears(const timeline& life) {
  for (const auto& c : life.changes()) {
    if (c.appears) return c.at;
  }
  return std::nullopt;
}

}  // namespace

TEST_CASE("calm data has one value for ever and arrives with its network's lag") {
  for (int i = 0; i < 288; ++i) {
    const auto label = noon + i * minutes(5);
    const auto life = timeline_of(data_row(oes::network::nem), label, calm_data);
    const auto at = appears(life);
    REQUIRE(at.has_value());
    CHECK(*at >= oes::to_utc(label, oes::network::nem) + minutes(6));
    CHECK(*at <= oes::to_utc(label, oes::network::nem) + minutes(8));
    const auto later = state_at(life, *at + hours(200));
    CHECK(later.rates_version == 0);
    CHECK(later.quantities_version == 0);
  }
}

TEST_CASE("market rows of the NEM run a step ahead, those of the WEM wait for the two-hourly catch-up") {
  const auto nem = timeline_of({table::market, oes::network::nem, 5, 5, false}, noon, calm_data);
  CHECK(*appears(nem) < *appears(timeline_of(data_row(oes::network::nem), noon, calm_data)) - minutes(3));
  const auto wem = *appears(timeline_of({table::market, oes::network::wem, 5, 5, false}, noon, calm_data));
  // 04:08 UTC is 14:08 AEST; the next even hour's run is 16:03 AEST.
  CHECK(oes::format_utc_seconds(wem) == "2026-11-20T06:03:00Z");
}

TEST_CASE("a row that has appeared stays, and its versions are those of its newest change") {
  const realism wild{7, 1, 0.2, 0.1, 0.3};
  int revised = 0;
  for (int i = 0; i < 600; ++i) {
    const auto life = timeline_of(data_row(oes::network::nem), noon + i * minutes(5), wild);
    const auto at = appears(life);
    if (!at) continue;
    CHECK_FALSE(state_at(life, *at - minutes(1)).present);
    for (const auto& c : life.changes()) {
      CHECK(c.at >= *at);
      CHECK(state_at(life, c.at).present);
    }
    if (state_at(life, *at + hours(72)).rates_version != state_at(life, *at).rates_version) ++revised;
  }
  CHECK(revised > 300);
}

TEST_CASE("energy is rewritten the next morning though power is not") {
  const realism how{7, 1, 0, 0, 0};
  bool seen = false;
  for (int i = 0; i < 100 && !seen; ++i) {
    const auto life = timeline_of(data_row(oes::network::nem), noon + i * minutes(5), how);
    for (const auto& c : life.changes()) {
      seen = seen || (c.quantities && !c.rates && oes::format_utc_seconds(c.at).ends_with("T20:05:00Z"));
    }
  }
  CHECK(seen);
}

TEST_CASE("rooftop solar comes half an hour late") {
  const realism how{7, 0.2, 0, 0, 0};
  const auto life = timeline_of(data_row(oes::network::nem, true), noon, how);
  CHECK(*appears(life) >= oes::to_utc(noon, oes::network::nem) + minutes(30));
}

TEST_CASE("an outage loses its labels or holds them back to its end") {
  const realism how{3, 0, 0, 0, 1};
  int lost = 0;
  int held = 0;
  for (int i = 0; i < 288 * 20; ++i) {
    const auto label = noon + i * minutes(5);
    const auto out = outage_at(table::data, oes::network::nem, label, how);
    const auto at = appears(timeline_of(data_row(oes::network::nem), label, how));
    if (!out) {
      CHECK(at.has_value());
      continue;
    }
    CHECK(out->end - out->begin <= hours(6) + minutes(1));
    CHECK(at.has_value() != out->lost);
    if (at) CHECK(*at >= oes::to_utc(out->end, oes::network::nem));
    ++(out->lost ? lost : held);
  }
  CHECK(lost > 0);
  CHECK(held > 0);
}

TEST_CASE("the seed decides") {
  const realism a{1, 1, 0.1, 0.1, 0.1};
  const realism b{2, 1, 0.1, 0.1, 0.1};
  int differing = 0;
  for (int i = 0; i < 100; ++i) {
    const auto label = noon + i * minutes(5);
    const auto one = timeline_of(data_row(oes::network::nem), label, a);
    const auto same = timeline_of(data_row(oes::network::nem), label, a);
    CHECK(appears(one) == appears(same));
    if (appears(one) != appears(timeline_of(data_row(oes::network::nem), label, b))) ++differing;
  }
  CHECK(differing > 50);
}
