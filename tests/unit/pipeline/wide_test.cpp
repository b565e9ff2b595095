// Wide streams through the corridor: one record per (series, interval) with a column per metric.
#include <doctest/doctest.h>

#include "unit/pipeline/corridor_fixture.hpp"

using namespace oes;
using namespace oes::test;

namespace {

using points = std::vector<std::pair<std::string, std::string>>;

const member_key all_columns{"nem", "*"};

std::string both(const points& power, const points& energy) {
  const auto first = answer_body("power", power);
  const auto second = answer_body("energy", energy);
  const std::string data = R"("data":[)";
  const auto begin = second.find(data) + data.size();
  return first.substr(0, first.size() - 2) + "," + second.substr(begin);
}

stream_spec wide_stream() {
  auto stream = nem_stream({"power", "energy"});
  stream.shape = record_shape::wide;
  return stream;
}

bool says(const std::string& record, const std::string& text) { return record.find(text) != std::string::npos; }

}  // namespace

TEST_CASE("one request, one record per interval, progress under `*`") {
  corridor_fixture f;
  f.from.answer(both({{"10:00", "1.0"}, {"10:05", "2"}}, {{"10:00", "0.1"}, {"10:05", "0.2"}}));
  f.cycles({wide_stream()}, 1);
  CHECK(f.from.asked().at(0).metrics == std::vector<std::string>{"power", "energy"});
  REQUIRE(f.kafka.records.size() == 2);
  CHECK(f.kafka.records[1].first == "v1|NEM|5m|*||2026-11-23T10:05:00+10:00");
  CHECK(says(f.kafka.records[1].second, R"("power":2,"energy":0.2,"interval_size")"));
  CHECK(f.kafka.state.members.at(all_columns).position == at("2026-11-23T10:10:00"));
}

TEST_CASE("a column that comes one poll later, or changes, is one revision; the same again is none") {
  corridor_fixture f;
  f.from.answer(both({{"10:00", "1"}, {"10:05", "2"}}, {{"10:00", "0.1"}}));
  f.from.answer(both({{"10:00", "1.0"}, {"10:05", "2"}}, {{"10:00", "0.10"}, {"10:05", "0.2"}}));
  f.from.answer(both({{"10:00", "1"}, {"10:05", "null"}}, {{"10:00", "0.1"}, {"10:05", "0.2"}}));
  f.from.answer(both({{"10:00", "1"}, {"10:05", "null"}}, {{"10:00", "0.1"}, {"10:05", "0.2"}}));
  const auto outcomes = f.cycles({wide_stream()}, 4);
  REQUIRE(f.kafka.records.size() == 4);
  CHECK(says(f.kafka.records[2].second, R"("power":2,"energy":0.2)"));
  CHECK(says(f.kafka.records[2].second, R"("revision":1)"));
  CHECK(says(f.kafka.records[3].second, R"("network_code":"NEM","energy":0.2,)"));
  CHECK(says(f.kafka.records[3].second, R"("revision":2)"));
  CHECK(outcomes[3].end == cycle_end::nothing_yet);
}

TEST_CASE("an interval that turns null in every column is a record without any") {
  corridor_fixture f;
  f.from.answer(both({{"10:00", "1"}, {"10:05", "2"}}, {{"10:00", "0.1"}, {"10:05", "0.2"}}));
  f.from.answer(both({{"10:00", "null"}, {"10:05", "2"}}, {{"10:00", "null"}, {"10:05", "0.2"}}));
  f.cycles({wide_stream()}, 2);
  REQUIRE(f.kafka.records.size() == 3);
  CHECK(says(f.kafka.records[2].second, R"("network_code":"NEM","interval_size":"5m")"));
}

TEST_CASE("what was published is known after a restart, whatever the order of the columns") {
  corridor_fixture f;
  f.from.answer(both({{"10:00", "1"}}, {{"10:00", "0.1"}}));
  f.cycles({wide_stream()}, 1);
  auto turned = wide_stream();
  turned.metrics = {"energy", "power"};
  f.from.answer(both({{"10:00", "1"}}, {{"10:00", "0.1"}}));
  CHECK(f.cycles({turned}, 1)[0].end == cycle_end::nothing_yet);
  CHECK(f.kafka.records.size() == 1);
}

TEST_CASE("a wide and a long stream of the same metrics are two groups") {
  auto other = nem_stream({"power", "energy"});
  other.name = "long";
  const auto groups = make_groups({wide_stream(), other});
  REQUIRE(groups.size() == 2);
  CHECK(groups[0].members.size() == 1);
  CHECK(groups[1].members.size() == 2);
}

TEST_CASE("wide streams travel together only where their columns are the same") {
  auto other = wide_stream();
  other.name = "other";
  other.topic = "other";
  CHECK(make_groups({wide_stream(), other}).size() == 1);
  other.metrics = {"power"};
  CHECK(make_groups({wide_stream(), other}).size() == 2);
}
