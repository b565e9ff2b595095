// Shape `wide`: the metrics of an answer side by side.
#include "records/widen.hpp"

#include <doctest/doctest.h>

#include "flat_json.hpp"
#include "model/metric.hpp"
#include "model/request.hpp"
#include "records/value_hash.hpp"
#include "records/waiting_rows.hpp"
#include "sample_answer.hpp"

using namespace oes;
using namespace oes::test;

namespace {

// The answer's blocks, moved out of the sample by hand: samples are read-only.
time_series_answer copy_of(const sample_answer& sample) {
  time_series_answer out;
  out.body = std::make_unique<std::string>(*sample.get().body);
  out.received_at = sample.get().received_at;
  out.blocks = sample.get().blocks;
  return out;
}

// NSW1 has both metrics, energy a label later; TAS1 has power alone.
sample_answer two_metrics() {
  sample_answer sample;
  sample.block("energy", "MWh")
      .add({{"region", "NSW1"}}, {{"2026-11-23T10:05:00", "0.4"}, {"2026-11-23T10:10:00", ""}});
  sample.block("power", "MW")
      .add({{"region", "NSW1"}},
           {{"2026-11-23T10:00:00", "1.50"}, {"2026-11-23T10:05:00", "2"}, {"2026-11-23T10:10:00", ""}})
      .add({{"region", "TAS1"}}, {{"2026-11-23T10:05:00", "7"}});
  return sample;
}

const std::vector<std::string> power_and_energy{"power", "energy"};

std::vector<std::string> texts(const time_series_answer& answer, const series& one) {
  std::vector<std::string> out;
  for (const auto& p : one.points) out.push_back(format(p.label).substr(11, 5) + " " + std::string(answer.text(p)));
  return out;
}

record_options wide_options() {
  record_options options;
  options.stream = "regions";
  options.topic = "t";
  options.identity.primary = primary_grouping::network_region;
  options.identity.shape = record_shape::wide;
  return options;
}

}  // namespace

TEST_CASE("metrics come side by side in the order asked for; what one lacks is left out") {
  const auto wide = widen(copy_of(two_metrics()), power_and_energy);
  REQUIRE(wide.blocks.size() == 1);
  CHECK(wide.blocks[0].metric == "*");
  REQUIRE(wide.blocks[0].all.size() == 2);
  CHECK(wide.blocks[0].all[0].labels == series_labels{{"region", "NSW1"}});
  CHECK(texts(wide, wide.blocks[0].all[0]) ==
        std::vector<std::string>{R"(10:00 "power":1.50)", R"(10:05 "power":2,"energy":0.4)", "10:10 "});
  CHECK(wide.blocks[0].all[0].points[2].is_null());
  CHECK(texts(wide, wide.blocks[0].all[1]) == std::vector<std::string>{R"(10:05 "power":7)"});
}

TEST_CASE("D3: a large answer is widened in slices, and a metric nobody asked for is left out") {
  widener joining(copy_of(two_metrics()), {"power"});
  std::size_t slices = 1;
  while (!joining.advance(2)) ++slices;
  CHECK(slices >= 4);
  const auto wide = joining.take();
  CHECK(texts(wide, wide.blocks[0].all[0])[1] == R"(10:05 "power":2)");
  CHECK(widen(copy_of(sample_answer()), power_and_energy).blocks[0].all.empty());
}

TEST_CASE("a wide record is the contract of records.md to the last byte") {
  const auto wide = widen(copy_of(two_metrics()), power_and_energy);
  const auto batch = build_all(wide, wide_options());
  REQUIRE(batch.records.size() == 3);
  CHECK(batch.key(batch.records[1]) == "v1|NEM|5m|*|region=NSW1|2026-11-23T10:05:00+10:00");
  CHECK(batch.value(batch.records[1]) ==
        R"({"interval":"2026-11-23T10:05:00+10:00","network_code":"NEM","network_region":"NSW1",)"
        R"("power":2,"energy":0.4,"interval_size":"5m",)"
        R"("interval_start":"2026-11-23T00:00:00Z","interval_end":"2026-11-23T00:05:00Z",)"
        R"("stream":"regions","grouping":"network_region","revision":0,"version":1002,)"
        R"("fetched_at":"2026-11-23T00:06:07.890Z"})");
}

TEST_CASE("a wide record without any number has no column, and is published only where nulls are") {
  const auto wide = widen(copy_of(two_metrics()), power_and_energy);
  const auto batch = build_all(wide, wide_options(), true);
  REQUIRE(batch.records.size() == 4);
  const auto members = flat(batch.value(batch.records[3]));
  CHECK(text_of(members, "interval") == "2026-11-23T10:10:00+10:00");
  for (const auto* absent : {"power", "energy", "value", "metric", "unit"}) CHECK(find(members, absent) == nullptr);
}

TEST_CASE("a change in any column is a change of the record; spelling and order are none") {
  const auto hash = value_hash(R"("power":1.5,"energy":0.4)");
  CHECK(value_hash(R"("energy":0.40,"power":15e-1)") == hash);
  CHECK(value_hash(R"("power":1.5,"energy":0.41)") != hash);
  CHECK(value_hash(R"("power":0.4,"energy":1.5)") != hash);
  CHECK(value_hash(R"("power":1.5)") != hash);
  CHECK(value_hash(R"("power":1.5,"energy":0)") != value_hash(R"("power":1.5)"));
  CHECK(value_hash(R"("power":1.5)") != value_hash(R"("energy":1.5)"));
  CHECK(value_hash(R"("power":1.5)") != value_hash("1.5"));
  CHECK(value_hash(R"("power":-0.0)") == value_hash(R"("power":0)"));
}

TEST_CASE("a column that arrives later is a revision of the record") {
  auto wide = widen(copy_of(two_metrics()), power_and_energy);
  ledger known(interval_size::m5);
  const auto nsw = known.add({{"region", "NSW1"}});
  known.put(nsw, at("2026-11-23T10:00:00"), {value_hash(R"("power":1.5)"), 0});
  known.put(nsw, at("2026-11-23T10:05:00"), {value_hash(R"("power":2)"), 4});
  const auto chosen = select_changes(wide, 0, known, everything(false));
  CHECK(chosen.revisions[0] == std::vector<std::uint16_t>{skip, 5, skip});
}

TEST_CASE("what the answer does not say of a row is noted; a null is said") {
  const auto wide = widen(copy_of(two_metrics()), power_and_energy);
  const auto& nsw = wide.blocks[0].all[0];
  REQUIRE(nsw.lacks.size() == 1);
  CHECK(nsw.lacks[0].label == at("2026-11-23T10:00:00"));
  CHECK(nsw.lacks[0].columns == column_of("energy"));
  REQUIRE(wide.blocks[0].all[1].lacks.size() == 1);
  const auto all = widen(copy_of(two_metrics()), {"power", "energy", "emissions"});
  CHECK(all.blocks[0].all[0].lacks.size() == 3);
  CHECK(all.blocks[0].all[0].lacks[0].columns == (column_of("energy") | column_of("emissions")));
}

TEST_CASE("a hash tells the columns that hold a number, and what older ledgers hold is the same value") {
  const auto hash = value_hash(R"("power":1.5,"energy":0.4)");
  CHECK(columns_of(hash) == (column_of("power") | column_of("energy")));
  CHECK(columns_of(null_hash) == 0);
  CHECK(columns_of(hash, column_of("power") | column_of("energy")) == columns_of(hash));
  CHECK(columns_of(hash, column_of("power")) == 0);  // of an older version: its low bits tell nothing
  CHECK(same_value(R"("energy":0.40,"power":1.5)", hash));
  CHECK(same_value(R"("energy":0.40,"power":1.5)", hash ^ 0xABCDE));
  CHECK_FALSE(same_value(R"("power":1.5)", hash));
  CHECK_FALSE(same_value("", hash));
  CHECK(same_value("1.50", value_hash("1.5")));
  CHECK_FALSE(same_value("1.5", value_hash("1.5") ^ 1U));
}

TEST_CASE("no two known metrics of an endpoint are the same column") {
  for (const auto& one : known_metrics()) {
    for (const auto& other : known_metrics()) {
      const bool apart = one.served_by == other.served_by && one.name != other.name;
      if (apart) CHECK(column_of(one.name) != column_of(other.name));
    }
    CHECK(column_of(one.name) != column_of("not_known"));
    CHECK((column_of(one.name) & ~all_columns) == 0);
  }
}

TEST_CASE("a published row is left alone where a column that it has is left out, and compared where it never had it") {
  auto wide = widen(copy_of(two_metrics()), {"power", "energy", "emissions"});
  ledger known(interval_size::m5);
  const auto nsw = known.add({{"region", "NSW1"}});
  known.put(nsw, at("2026-11-23T10:00:00"), {value_hash(R"("power":1,"energy":7)"), 0});
  known.put(nsw, at("2026-11-23T10:05:00"), {value_hash(R"("power":1)"), 4});
  known.put(nsw, at("2026-11-23T10:10:00"), {value_hash(R"("emissions":1)"), 4});
  const auto chosen = select_changes(wide, 0, known, everything(false));
  CHECK(chosen.revisions[0] == std::vector<std::uint16_t>{skip, 5, skip});
  CHECK(chosen.left_alone == 2);
}

TEST_CASE("a new row waits for the columns that the newest record of its series has") {
  const auto wide = widen(copy_of(two_metrics()), power_and_energy);
  const auto& nsw = wide.blocks[0].all[0];
  const auto before = at("2026-11-23T09:00:00");
  ledger known(interval_size::m5);
  CHECK(first_waiting(nsw, known, before) == at("2026-11-23T10:00:00"));
  CHECK(first_waiting(nsw, known, at("2026-11-23T10:00:00")) == network_time::max());
  const auto id = known.add({{"region", "NSW1"}});
  CHECK(first_waiting(nsw, known, before) == at("2026-11-23T10:00:00"));
  known.put(id, at("2026-11-23T09:50:00"), {value_hash(R"("power":1,"energy":7)"), 0});
  CHECK(first_waiting(nsw, known, before) == at("2026-11-23T10:00:00"));
  known.put(id, at("2026-11-23T09:55:00"), {value_hash(R"("power":1)"), 0});
  CHECK(first_waiting(nsw, known, before) == network_time::max());
}
