// The poll cycle and the ledger: the API says things late, says them differently, and takes them back.
#include <doctest/doctest.h>

#include <algorithm>

#include "support/logged.hpp"
#include "unit/pipeline/poll_fixture.hpp"

using namespace oes;
using namespace oes::test;

namespace {

/// Two regions, so that a series can be missing from an answer.
std::string regions(const std::vector<std::pair<std::string, std::string>>& nsw,
                    const std::vector<std::pair<std::string, std::string>>& tas) {
  const auto results_of = [](const std::string& region,
                             const std::vector<std::pair<std::string, std::string>>& points) {
    auto body = answer_body("power", points);
    const auto begin = body.find(R"({"name")");
    body = body.substr(begin, body.rfind("]}]}") - begin);
    const std::string columns = R"("columns":{})";
    return body.replace(body.find(columns), columns.size(), R"("columns":{"region":")" + region + "\"}");
  };
  auto results = results_of("NSW1", nsw);
  if (!tas.empty()) results += "," + results_of("TAS1", tas);
  return R"({"version":"4.5.11","success":true,"data":[{"network_code":"NEM","metric":"power","unit":"MW",)"
         R"("interval":"5m","groupings":[],"results":[)" +
         results + "]}]}";
}

stream_spec by_region() {
  auto stream = nem_stream();
  stream.primary = primary_grouping::network_region;
  return stream;
}

}  // namespace

TEST_CASE("a revised value is published once, as the next revision, with a higher version") {
  poll_fixture f;
  f.from.answer(answer_body("power", {{"10:00", "1"}, {"10:05", "2"}}));
  f.from.answer(answer_body("power", {{"10:00", "1.25"}, {"10:05", "2.00"}}));
  f.from.answer(answer_body("power", {{"10:00", "1.25"}, {"10:05", "2"}}));
  const auto outcomes = f.cycles({nem_stream()}, 3);
  REQUIRE(f.kafka.records.size() == 3);
  CHECK(f.kafka.records[2].first == f.kafka.records[0].first);
  CHECK(says(f.kafka.records[2].second, R"("power":1.25)"));
  CHECK(says(f.kafka.records[2].second, R"("revision":1)"));
  CHECK(outcomes[1].end == cycle_end::published);
  CHECK(outcomes[2].end == cycle_end::nothing_yet);
  CHECK(f.kafka.transactions.size() == 3);  // the claim, the news, the revision; the unchanged answer begins nothing
}

TEST_CASE("there and back again is three records") {
  poll_fixture f;
  for (const auto* value : {"1", "2", "1"}) f.from.answer(answer_body("power", {{"10:00", value}}));
  f.cycles({nem_stream()}, 3);
  REQUIRE(f.kafka.records.size() == 3);
  CHECK(says(f.kafka.records[2].second, R"("revision":2)"));
}

TEST_CASE("a published value that turns null is a record with null, and one that comes back another") {
  poll_fixture f;
  for (const auto* value : {"1", "null", "1"}) f.from.answer(answer_body("power", {{"10:00", value}, {"10:05", "5"}}));
  f.cycles({nem_stream()}, 3);
  REQUIRE(f.kafka.records.size() == 4);
  CHECK(says(f.kafka.records[2].second, R"("value":null)"));
  CHECK(says(f.kafka.records[3].second, R"("revision":2)"));
}

TEST_CASE("a series that lands late is published though its interval was committed long ago") {
  poll_fixture f;
  f.from.answer(regions({{"10:00", "1"}, {"10:05", "2"}}, {}));
  f.from.answer(regions({{"10:00", "1"}, {"10:05", "2"}}, {{"10:00", "7"}}));
  f.cycles({by_region()}, 2);
  REQUIRE(f.kafka.records.size() == 3);
  CHECK(says(f.kafka.records[2].first, "region=TAS1"));
  CHECK(says(f.kafka.records[2].second, R"("revision":0)"));
}

TEST_CASE("a hole that fills is published and is no gap any more") {
  poll_fixture f;
  f.from.answer(answer_body("power", {{"10:00", "0"}, {"10:05", "null"}, {"10:10", "null"}, {"10:15", "2"}}));
  f.cycles({nem_stream()}, 1);
  REQUIRE(f.kafka.state.members.at(power).labels.gaps().size() == 1);
  f.from.answer(answer_body("power", {{"10:00", "0"}, {"10:05", "null"}, {"10:10", "1"}, {"10:15", "2"}}));
  f.cycles({nem_stream()}, 1);
  CHECK(f.kafka.records.size() == 3);
  const auto& member = f.kafka.state.members.at(power);
  REQUIRE(member.labels.gaps().size() == 1);
  CHECK(member.labels.gaps()[0].range == time_range{at("2026-11-23T10:05:00"), at("2026-11-23T10:10:00")});
  CHECK(member.labels.covers(at("2026-11-23T10:10:00")));
}

TEST_CASE("a null that is published late closes no gap, and the number that comes after it does") {
  poll_fixture f;
  f.from.answer(answer_body("power", {{"10:00", "1"}, {"10:05", "null"}, {"10:10", "2"}}));
  f.cycles({nem_stream()}, 1);
  REQUIRE(f.kafka.state.members.at(power).labels.gaps().size() == 1);
  auto nulls = nem_stream();
  nulls.publish_nulls = true;
  f.from.answer(answer_body("power", {{"10:00", "1"}, {"10:05", "null"}, {"10:10", "2"}}));
  f.cycles({nulls}, 1);
  REQUIRE(f.kafka.records.size() == 3);
  CHECK(f.kafka.state.members.at(power).labels.gaps().size() == 1);
  CHECK_FALSE(f.kafka.state.members.at(power).labels.covers(at("2026-11-23T10:05:00")));
  f.from.answer(answer_body("power", {{"10:00", "1"}, {"10:05", "3"}, {"10:10", "2"}}));
  f.cycles({nulls}, 1);
  REQUIRE(f.kafka.records.size() == 4);
  CHECK(says(f.kafka.records[3].second, R"("revision":1)"));
  CHECK(f.kafka.state.members.at(power).labels.gaps().empty());
}

TEST_CASE(
    "A2: the ledger survives a restart, and a kill between two transactions of one answer: a label is never torn") {
  poll_fixture f;
  f.chunk.records = 1;
  f.kafka.fates = {fate::commit, fate::commit, fate::fence};
  // One label alone is more than a transaction holds: it goes whole.
  f.from.answer(regions({{"10:00", "1"}, {"10:05", "2"}}, {{"10:00", "7"}, {"10:05", "8"}}));
  const auto log = logged(f.log, [&] { f.cycles({by_region()}, 1); });
  const std::string told = "it goes whole, and exceeds the limits";
  CHECK(log.find(told) != std::string::npos);
  CHECK(log.find(told) == log.rfind(told));  // of both labels the first
  CHECK(f.kafka.records.size() == 2);
  f.kafka.fates.clear();
  f.from.answer(regions({{"10:00", "1"}, {"10:05", "2"}}, {{"10:00", "7"}, {"10:05", "8.5"}}));
  f.cycles({by_region()}, 1);
  REQUIRE(f.kafka.records.size() == 4);
  CHECK(says(f.kafka.records[3].second, R"("power":8.5)"));
  CHECK(says(f.kafka.records[3].second, R"("revision":0)"));
  f.from.answer(regions({{"10:00", "1"}, {"10:05", "2"}}, {{"10:00", "7"}, {"10:05", "8.5"}}));
  CHECK(f.cycles({by_region()}, 1)[0].end == cycle_end::nothing_yet);
}

TEST_CASE("`revisions: first` publishes each point once") {
  poll_fixture f;
  auto stream = nem_stream();
  stream.revisions = revision_policy::first;
  f.from.answer(answer_body("power", {{"10:00", "1"}}));
  f.from.answer(answer_body("power", {{"10:00", "2"}, {"10:05", "3"}}));
  f.cycles({stream}, 2);
  CHECK(f.kafka.records.size() == 2);
}

TEST_CASE("what leaves the horizon leaves the ledger, in Kafka too, and is not published again") {
  poll_fixture f;
  auto stream = nem_stream();
  stream.re_reads = {{std::chrono::minutes(10), {}, {}}};
  f.from.answer(answer_body("power", {{"10:00", "1"}, {"10:05", "2"}, {"10:10", "3"}, {"10:15", "4"}}));
  f.cycles({stream}, 1);
  const auto& rows = f.kafka.ledger.at(power).rows;
  CHECK(rows.begin()->first == at("2026-11-23T10:10:00"));
  CHECK(f.kafka.state.members.at(power).ledger_from == at("2026-11-23T10:10:00"));
  f.from.answer(answer_body("power", {{"10:00", "9"}, {"10:05", "9"}, {"10:10", "3"}, {"10:15", "4"}, {"10:20", "5"}}));
  f.cycles({stream}, 1);
  CHECK(f.from.asked().back().window.start == at("2026-11-23T10:10:00"));
  CHECK(f.kafka.records.size() == 5);
  CHECK(rows.begin()->first == at("2026-11-23T10:15:00"));
}

TEST_CASE("`publish_after` holds each point back, and a window never reaches beyond it") {
  poll_fixture f;
  auto stream = nem_stream();
  stream.publish_after = std::chrono::minutes(15);
  f.from.answer(answer_body("power", {{"10:00", "1"}, {"10:05", "2"}, {"10:10", "3"}}));
  f.cycles({stream}, 1);
  CHECK(f.from.asked()[0].window == time_window{at("2026-11-23T10:00:00"), at("2026-11-23T10:15:00")});
  CHECK(f.kafka.records.size() == 3);
  f.set_now("2026-11-23T10:36:00");
  f.from.answer(answer_body("power", {{"10:00", "1"}, {"10:05", "2"}, {"10:10", "3.5"}, {"10:15", "4"}}));
  f.cycles({stream}, 1);
  CHECK(f.from.asked()[1].window.end == at("2026-11-23T10:20:00"));
  CHECK(f.kafka.records.size() == 5);
}

TEST_CASE("`publish_after` that is raised holds back what is new from then on; nothing is asked for before") {
  poll_fixture f;
  auto stream = nem_stream();
  f.from.answer(answer_body("power", {{"10:00", "1"}, {"10:25", "2"}}));
  f.cycles({stream}, 1);
  REQUIRE(f.kafka.state.members.at(power).position == at("2026-11-23T10:30:00"));
  stream.publish_after = std::chrono::hours(72);
  f.from.serve = [](const fetch_request&) -> result<raw_answer> {
    return raw_answer{answer_body("power", {{"10:30", "3"}}), {}};
  };
  for (const auto* now : {"2026-11-23T10:36:00", "2026-11-23T10:41:00", "2026-11-26T10:31:00"}) {
    f.set_now(now);
    f.cycles({stream}, 2);
    CHECK(f.kafka.records.size() == 2);
    for (const auto& asked : f.from.asked()) CHECK(asked.window.start < at("2026-11-23T10:30:00"));
  }
  f.set_now("2026-11-26T10:36:00");
  f.cycles({stream}, 1);
  CHECK(f.kafka.records.size() == 3);
}

TEST_CASE("C: what `publish_after` holds back is not published sooner by a clock that is wrong") {
  poll_fixture f;
  auto stream = nem_stream();
  stream.publish_after = std::chrono::minutes(15);
  f.from.answer(answer_body("power", {{"10:00", "1"}, {"10:05", "2"}, {"10:10", "3"}}));
  f.cycles({stream}, 1);
  f.set_now("2026-11-23T08:31:00");
  f.from.answer(answer_body("power", {{"10:15", "4"}}));
  f.cycles({stream}, 1);
  CHECK(f.from.asked().size() == 2);
  CHECK(f.kafka.records.size() == 3);
}

TEST_CASE("with `edge: provisional` the newest interval is published at once and revised as it settles") {
  poll_fixture f;
  auto stream = nem_stream();
  stream.edge = edge_policy::provisional;
  f.from.answer(answer_body("power", {{"10:20", "1"}, {"10:25", "2"}, {"10:30", "3"}}));
  const auto outcomes = f.cycles({stream}, 2);
  REQUIRE(f.kafka.records.size() == 3);
  CHECK(says(f.kafka.records[1].second, R"("provisional":false)"));
  CHECK(says(f.kafka.records[2].second, R"("provisional":true)"));
  CHECK(outcomes[0].end == cycle_end::published);  // one poll a trigger, though its window has an end
  CHECK(outcomes[1].end == cycle_end::idle);
  f.set_now("2026-11-23T10:36:00");
  f.from.answer(answer_body("power", {{"10:25", "2"}, {"10:30", "3.5"}}));
  f.cycles({stream}, 1);
  REQUIRE(f.kafka.records.size() == 4);
  CHECK(says(f.kafka.records[3].second, R"("power":3.5)"));
  CHECK(says(f.kafka.records[3].second, R"("provisional":true)"));  // still the newest that is stored
  f.set_now("2026-11-23T10:41:00");
  f.from.answer(answer_body("power", {{"10:30", "4"}, {"10:35", "5"}}));
  f.cycles({stream}, 1);
  REQUIRE(f.kafka.records.size() == 6);
  CHECK(says(f.kafka.records[4].second, R"("power":4,)"));
  CHECK(says(f.kafka.records[4].second, R"("provisional":false)"));
  CHECK(says(f.kafka.records[5].second, R"("provisional":true)"));
}

TEST_CASE("a region that lags behind the others is not at the edge: a live query would have served it") {
  poll_fixture f;
  auto stream = by_region();
  stream.edge = edge_policy::provisional;
  f.from.answer(regions({{"10:25", "1"}, {"10:30", "2"}}, {{"10:20", "7"}, {"10:25", "8"}}));
  f.cycles({stream}, 1);
  REQUIRE(f.kafka.records.size() == 4);
  int at_the_edge = 0;
  for (const auto& [key, value] : f.kafka.records) at_the_edge += says(value, R"("provisional":true)") ? 1 : 0;
  CHECK(at_the_edge == 1);
  CHECK(says(f.kafka.records[3].first, "region=NSW1|2026-11-23T10:30"));
  CHECK(says(f.kafka.records[3].second, R"("provisional":true)"));
}

namespace {

/// Published to 10:15, and five hours later: only a wide re-read asks for it again.
struct five_hours_later : poll_fixture {
  five_hours_later() : poll_fixture("2026-11-23T10:21:00") {
    from.answer(answer_body("power", {{"10:00", "1"}, {"10:05", "2"}, {"10:10", "3"}, {"10:15", "4"}}));
    cycles({nem_stream()}, 1);
    set_now("2026-11-23T15:21:00");
  }
  [[nodiscard]] network_time owed() const { return last_state.re_reads.owed_from(0); }
};

}  // namespace

TEST_CASE("a label that a re-read's answer leaves out is still owed, and a change of it is published later") {
  five_hours_later f;
  f.from.answer(answer_body("power", {{"10:05", "2"}, {"10:10", "3"}, {"10:15", "4"}, {"15:15", "9"}}));
  f.cycles({nem_stream()}, 1);
  CHECK(f.owed() == at("2026-11-23T10:00:00"));
  CHECK(f.kafka.state.members.at(power).ledger_from == at("2026-11-23T10:00:00"));
  f.from.answer(answer_body("power", {{"10:00", "7"}, {"10:05", "2"}, {"10:10", "3"}, {"10:15", "4"}, {"15:15", "9"}}));
  f.cycles({nem_stream()}, 1);
  CHECK(f.owed() == network_time::max());
  CHECK(says(f.kafka.records.back().second, R"("power":7,)"));
}

TEST_CASE("what a poll's answer leaves out is read again with the next one, however far that has gone on") {
  for (const bool is_killed_between : {false, true}) {
    poll_fixture f("2026-11-23T10:21:00");
    auto stream = nem_stream();
    stream.re_reads = {{std::chrono::hours(2), std::nullopt, {}}};
    f.from.answer(answer_body("power", {{"10:00", "1"}, {"10:05", "2"}, {"10:10", "3"}, {"10:15", "4"}}));
    f.cycles({stream}, 1);
    f.set_now("2026-11-23T15:21:00");
    f.from.answer(answer_body("power", {{"10:05", "2"}, {"15:10", "8"}, {"15:15", "9"}}));
    if (is_killed_between) f.cycles({stream}, 1);
    f.from.answer(
        answer_body("power", {{"10:00", "7"}, {"10:05", "2"}, {"10:10", "3"}, {"10:15", "4"}, {"15:15", "9"}}));
    f.cycles({stream}, is_killed_between ? 1 : 2);
    CHECK(f.kafka.state.members.at(power).position > at("2026-11-23T15:00:00"));
    CHECK(says(f.kafka.records.back().second, R"("power":7,)"));
  }
}

TEST_CASE("a re-read whose answers are too large comes in parts at once, and stays so until all of it is read") {
  // Ten hours of labels; an answer holds an hour and a half of them.
  poll_fixture f("2026-11-23T10:21:00");
  std::string changed = "1";
  f.from.serve = [&](const fetch_request& asked) -> result<raw_answer> {
    const auto newest = at("2026-11-23T10:20:00");
    const auto end = std::min(asked.window.end.value_or(newest), newest);
    const bool begun = !f.kafka.records.empty();
    if (begun && end - asked.window.start > std::chrono::minutes(90)) return error{errc::too_large, "over the limit"};
    std::vector<std::pair<std::string, std::string>> points;
    for (auto label = asked.window.start; label < end; label += std::chrono::minutes(5))
      points.emplace_back(format(label).substr(11, 5), changed);
    if (points.empty()) return error{errc::not_yet, "no rows", {}, 404};
    return raw_answer{answer_body("power", points), {}};
  };
  auto stream = nem_stream();
  stream.start = at("2026-11-23T00:00:00");
  f.cycles({stream}, 1);
  const auto published = f.kafka.records.size();
  REQUIRE(published > 100);
  changed = "2";
  f.set_now("2026-11-23T10:22:00");
  const auto asked_before = f.from.asked().size();
  f.cycles({stream}, 16);
  CHECK(f.last_state.re_reads.owed_from(0) == network_time::max());
  CHECK(f.kafka.records.size() == 2 * published);
  const auto asked = f.from.asked();
  const auto too_large = std::count_if(
      asked.begin() + static_cast<std::ptrdiff_t>(asked_before), asked.end(), [](const fetch_request& one) {
        return one.window.end.value_or(at("2026-11-23T10:20:00")) - one.window.start > std::chrono::minutes(90);
      });
  CHECK(too_large <= 4);  // from ten hours down to an hour and a quarter
}

TEST_CASE("a series that a re-read's answer leaves out is still owed") {
  poll_fixture f("2026-11-23T10:21:00");
  f.from.answer(regions({{"10:00", "1"}, {"10:05", "2"}}, {{"10:00", "7"}, {"10:05", "8"}}));
  f.cycles({by_region()}, 1);
  f.set_now("2026-11-23T15:21:00");
  f.from.answer(regions({{"10:00", "1"}, {"10:05", "2"}, {"15:15", "3"}}, {}));
  f.cycles({by_region()}, 1);
  CHECK(f.last_state.re_reads.owed_from(0) == at("2026-11-23T10:00:00"));
}

TEST_CASE("labels of a re-read that cannot be there yet by the answer's own time are still owed") {
  five_hours_later f;
  auto stream = nem_stream();
  stream.edge = edge_policy::provisional;  // a window with an end
  f.from.serve = [](const fetch_request&) -> result<raw_answer> {
    const auto body = answer_body("power", {{"10:00", "7"}, {"10:05", "2"}, {"10:10", "3"}, {"10:15", "5"}});
    return raw_answer{body, {}, utc("2026-11-23T00:06:00Z")};  // 10:06: a Date of this morning
  };
  f.cycles({stream}, 1);
  CHECK(f.board.members.at(power).points_skipped.at("ahead") == 1);
  CHECK(says(f.kafka.records.back().second, R"("power":7,)"));
  CHECK(f.owed() == at("2026-11-23T10:00:00"));
}
