// Wide streams through the poll cycle: one record per (series, interval) with a column per metric.
#include <doctest/doctest.h>

#include <map>
#include <random>

#include "unit/pipeline/poll_fixture.hpp"

using namespace oes;
using namespace oes::test;

namespace {

using points = std::vector<std::pair<std::string, std::string>>;

const member_key every_column{"nem", "*"};

std::string both_columns(const points& power, const points& energy) {
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

// The number of a column in a record; "null" where it has none.
std::string number_in(const std::string& record, const std::string& column) {
  const auto found = record.find("\"" + column + "\":");
  if (found == std::string::npos) return "null";
  const auto begin = found + column.size() + 3;
  return record.substr(begin, record.find(',', begin) - begin);
}

}  // namespace

TEST_CASE("one request, one record per interval, progress under `*`") {
  poll_fixture f;
  f.from.answer(both_columns({{"10:00", "1.0"}, {"10:05", "2"}}, {{"10:00", "0.1"}, {"10:05", "0.2"}}));
  f.cycles({wide_stream()}, 1);
  CHECK(f.from.asked().at(0).metrics == std::vector<std::string>{"power", "energy"});
  REQUIRE(f.kafka.records.size() == 2);
  CHECK(f.kafka.records[1].first == "v1|NEM|5m|*||2026-11-23T10:05:00+10:00");
  CHECK(says(f.kafka.records[1].second, R"("power":2,"energy":0.2,"interval_size")"));
  CHECK(f.kafka.state.members.at(every_column).position == at("2026-11-23T10:10:00"));
}

TEST_CASE("a column that comes one poll later, or changes, is one revision; the same again is none") {
  poll_fixture f;
  f.from.answer(both_columns({{"10:00", "1"}, {"10:05", "2"}}, {{"10:00", "0.1"}, {"10:05", "null"}}));
  f.from.answer(both_columns({{"10:00", "1.0"}, {"10:05", "2"}}, {{"10:00", "0.10"}, {"10:05", "0.2"}}));
  f.from.answer(both_columns({{"10:00", "1"}, {"10:05", "null"}}, {{"10:00", "0.1"}, {"10:05", "0.2"}}));
  f.from.answer(both_columns({{"10:00", "1"}, {"10:05", "null"}}, {{"10:00", "0.1"}, {"10:05", "0.2"}}));
  const auto outcomes = f.cycles({wide_stream()}, 4);
  REQUIRE(f.kafka.records.size() == 4);
  CHECK(says(f.kafka.records[2].second, R"("power":2,"energy":0.2)"));
  CHECK(says(f.kafka.records[2].second, R"("revision":1)"));
  CHECK(says(f.kafka.records[3].second, R"("network_code":"NEM","energy":0.2,)"));
  CHECK(says(f.kafka.records[3].second, R"("revision":2)"));
  CHECK(outcomes[3].end == cycle_end::nothing_yet);
}

TEST_CASE("an interval that turns null in every column is a record without any") {
  poll_fixture f;
  f.from.answer(both_columns({{"10:00", "1"}, {"10:05", "2"}}, {{"10:00", "0.1"}, {"10:05", "0.2"}}));
  f.from.answer(both_columns({{"10:00", "null"}, {"10:05", "2"}}, {{"10:00", "null"}, {"10:05", "0.2"}}));
  f.cycles({wide_stream()}, 2);
  REQUIRE(f.kafka.records.size() == 3);
  CHECK(says(f.kafka.records[2].second, R"("network_code":"NEM","interval_size":"5m")"));
}

TEST_CASE("what was published is known after a restart, whatever the order of the columns") {
  poll_fixture f;
  f.from.answer(both_columns({{"10:00", "1"}}, {{"10:00", "0.1"}}));
  f.cycles({wide_stream()}, 1);
  auto turned = wide_stream();
  turned.metrics = {"energy", "power"};
  f.from.answer(both_columns({{"10:00", "1"}}, {{"10:00", "0.1"}}));
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

TEST_CASE("a metric, or a label of it, that an answer leaves out says nothing of what was published") {
  poll_fixture f;
  const points power{{"10:00", "1"}, {"10:05", "2"}};
  const points energy{{"10:00", "0.1"}, {"10:05", "0.2"}};
  f.from.answer(both_columns(power, energy));
  f.from.answer(answer_body("power", power));
  f.from.answer(both_columns(power, {{"10:05", "0.2"}}));
  f.from.answer(answer_body("energy", energy));
  f.from.answer(both_columns(power, energy));
  const auto outcomes = f.cycles({wide_stream()}, 5);
  CHECK(f.kafka.records.size() == 2);
  for (std::size_t i = 1; i < outcomes.size(); ++i) CHECK(outcomes[i].end == cycle_end::nothing_yet);
}

TEST_CASE("a change beside a column that is left out comes with the next whole answer") {
  poll_fixture f;
  f.from.answer(both_columns({{"10:00", "1"}}, {{"10:00", "0.1"}}));
  f.from.answer(answer_body("power", {{"10:00", "3"}}));
  f.from.answer(both_columns({{"10:00", "3"}}, {{"10:00", "0.1"}}));
  f.cycles({wide_stream()}, 3);
  REQUIRE(f.kafka.records.size() == 2);
  CHECK(says(f.kafka.records[1].second, R"("power":3,"energy":0.1)"));
  CHECK(says(f.kafka.records[1].second, R"("revision":1)"));
}

TEST_CASE("a new row waits for what is left out, and with it what is behind") {
  poll_fixture f;
  f.from.answer(both_columns({{"10:00", "1"}, {"10:05", "2"}, {"10:10", "3"}}, {{"10:00", "0.1"}, {"10:10", "0.3"}}));
  f.cycles({wide_stream()}, 1);
  CHECK(f.kafka.records.size() == 1);
  CHECK(f.kafka.state.members.at(every_column).position == at("2026-11-23T10:05:00"));
  CHECK(f.kafka.state.members.at(every_column).labels.gaps().empty());
  f.from.answer(both_columns({{"10:00", "1"}, {"10:05", "2"}, {"10:10", "3"}},
                             {{"10:00", "0.1"}, {"10:05", "0.2"}, {"10:10", "0.3"}}));
  f.cycles({wide_stream()}, 1);
  REQUIRE(f.kafka.records.size() == 3);
  CHECK(says(f.kafka.records[1].second, R"("power":2,"energy":0.2)"));
  for (const auto& [key, value] : f.kafka.records) CHECK(says(value, R"("revision":0)"));
}

TEST_CASE(
    "when the wait is over the row goes without the column, those behind it at once, and what comes is followed") {
  poll_fixture f("2026-11-23T11:01:00");
  const points power{{"10:00", "1"}, {"10:55", "2"}};
  f.from.answer(answer_body("power", power));
  f.cycles({wide_stream()}, 1);
  REQUIRE(f.kafka.records.size() == 1);  // the other one is young yet
  CHECK(says(f.kafka.records[0].second, R"("network_code":"NEM","power":1,"interval_size")"));
  f.from.answer(answer_body("power", power));
  f.cycles({wide_stream()}, 1);
  CHECK(f.kafka.records.size() == 2);
  f.from.answer(answer_body("power", {{"10:00", "1.5"}, {"10:55", "2"}}));  // never had the other column
  f.from.answer(both_columns({{"10:00", "1.5"}, {"10:55", "2"}}, {{"10:00", "0.1"}, {"10:55", "0.2"}}));
  f.cycles({wide_stream()}, 1);
  f.cycles({wide_stream()}, 1);
  REQUIRE(f.kafka.records.size() == 5);
  CHECK(says(f.kafka.records[2].second, R"("power":1.5,"interval_size")"));
  CHECK(says(f.kafka.records[3].second, R"("power":1.5,"energy":0.1)"));
  CHECK(says(f.kafka.records[3].second, R"("revision":2)"));
}

TEST_CASE("whatever answers leave out, each column's values are those that were served, in their order") {
  const std::vector<std::string> labels{"10:00", "10:05", "10:10", "10:15"};
  for (unsigned seed = 0; seed < 150; ++seed) {
    std::mt19937 dice(seed);
    const auto roll = [&dice](unsigned sides) { return dice() % sides; };
    poll_fixture f;
    std::map<std::string, std::vector<std::string>> served;  // by column and label: every value that there was
    const auto answer = [&](bool whole) {
      points columns[2];
      for (std::size_t column = 0; column < 2; ++column) {
        const bool no_block = !whole && roll(4) == 0;
        for (const auto& label : labels) {
          auto& values = served[(column == 0 ? "power" : "energy") + label];
          if (values.empty() || roll(6) == 0) values.push_back(roll(5) == 0 ? "null" : std::to_string(roll(1000)));
          const bool leave_out = no_block || (!whole && roll(5) == 0);
          if (!leave_out) columns[column].emplace_back(label, values.back());
        }
      }
      f.from.answer(columns[0].empty()   ? answer_body("energy", columns[1])
                    : columns[1].empty() ? answer_body("power", columns[0])
                                         : both_columns(columns[0], columns[1]));
    };
    constexpr int answers = 12;
    for (int i = 0; i < answers; ++i) answer(false);
    answer(true);
    f.cycles({wide_stream()}, answers + 1);
    std::map<std::string, std::vector<std::string>> published;
    for (const auto& [key, value] : f.kafka.records) published[key.substr(key.size() - 14, 5)].push_back(value);
    CAPTURE(seed);
    for (const auto& label : labels) {
      for (const std::string column : {"power", "energy"}) {
        const auto& truth = served[column + label];
        std::size_t at_value = 0;
        for (std::size_t i = 0; i < published[label].size(); ++i) {
          const auto number = number_in(published[label][i], column);
          CHECK(says(published[label][i], "\"revision\":" + std::to_string(i) + ","));
          const bool not_yet = number == "null" && (i == 0 || number_in(published[label][i - 1], column) == "null");
          if (not_yet && at_value == 0) continue;  // the other column was there first
          while (at_value < truth.size() && truth[at_value] != number) ++at_value;
          CHECK_MESSAGE(at_value < truth.size(), column, " ", label, " ", number);
        }
        const bool any = !published[label].empty();
        if (any) CHECK(number_in(published[label].back(), column) == truth.back());
      }
    }
  }
}
