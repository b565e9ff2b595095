#include <doctest/doctest.h>

#include "telemetry/health.hpp"
#include "unit/pipeline/corridor_fixture.hpp"

using namespace oes;
using namespace oes::test;

namespace {
const member_key power{"nem", "power"};

bool has_value(const std::string& record, const std::string& text) { return record.find(text) != std::string::npos; }
}  // namespace

TEST_CASE("an answer becomes records, and progress moves with them") {
  corridor_fixture f;
  f.from.answer(answer_body("power", {{"10:00", "1.50"}, {"10:05", "2.25"}}));
  const auto outcomes = f.cycles({nem_stream()}, 1);
  CHECK(outcomes[0].end == cycle_end::published);
  REQUIRE(f.kafka.records.size() == 2);
  CHECK(f.kafka.records[0].first == "v1|NEM|5m|power||2026-11-23T10:00:00+10:00");
  CHECK(has_value(f.kafka.records[0].second, R"("power":1.50)"));
  CHECK(f.kafka.state.members.at(power).position == at("2026-11-23T10:10:00"));
  CHECK(f.kafka.mirrored.back().state == f.kafka.state);
}

TEST_CASE("after a restart the first request reaches back to the stream's start, and repeats nothing") {
  corridor_fixture f;
  f.from.answer(answer_body("power", {{"10:00", "1"}, {"10:05", "2"}}));
  f.cycles({nem_stream()}, 1);
  f.from.answer(answer_body("power", {{"10:00", "1"}, {"10:05", "2"}, {"10:10", "3"}}));
  f.cycles({nem_stream()}, 1);
  CHECK(f.from.asked().back().window == time_window{at("2026-11-23T10:00:00"), std::nullopt});
  CHECK(f.kafka.records.size() == 3);
}

TEST_CASE("404 at the live edge waits: nothing begun, nothing moved, no failure") {
  corridor_fixture f;
  f.from.answer(error{errc::not_yet, "404", {}, 404});
  const auto outcomes = f.cycles({nem_stream()}, 1);
  CHECK(outcomes[0].end == cycle_end::nothing_yet);
  CHECK(f.kafka.records.empty());
  CHECK(f.kafka.transactions == std::vector<std::size_t>{0});  // the claim alone
  CHECK(f.board.members.at(power).state == stream_state::waiting);
}

TEST_CASE("an answer that brings nothing new makes no transaction") {
  corridor_fixture f;
  f.from.answer(answer_body("power", {{"10:00", "1"}}));
  f.from.answer(answer_body("power", {{"10:00", "1"}}));
  const auto outcomes = f.cycles({nem_stream()}, 2);
  CHECK(outcomes[1].end == cycle_end::nothing_yet);
  CHECK(f.kafka.transactions.size() == 2);  // claim, one interval
}

TEST_CASE("a transaction that is known not to be committed is sent again, without asking the API again") {
  corridor_fixture f;
  f.kafka.fates = {fate::commit, fate::drop, fate::drop};
  f.from.answer(answer_body("power", {{"10:00", "1"}}));
  const auto outcomes = f.cycles({nem_stream()}, 1);
  CHECK(outcomes[0].end == cycle_end::published);
  CHECK(f.kafka.records.size() == 1);
  CHECK(f.from.asked().size() == 1);
}

TEST_CASE("a commit whose answer was lost is not repeated") {
  corridor_fixture f;
  f.kafka.fates = {fate::commit, fate::commit_but_lose_the_answer};
  f.kafka.loads_that_fail = 2;  // and Kafka cannot even be asked at first
  f.from.answer(answer_body("power", {{"10:00", "1"}}));
  const auto outcomes = f.cycles({nem_stream()}, 1);
  CHECK(outcomes[0].end == cycle_end::published);
  CHECK(f.kafka.records.size() == 1);
}

TEST_CASE("an abort whose answer was lost is repeated") {
  corridor_fixture f;
  f.kafka.fates = {fate::commit, fate::drop_and_lose_the_answer};
  f.from.answer(answer_body("power", {{"10:00", "1"}}));
  f.cycles({nem_stream()}, 1);
  CHECK(f.kafka.records.size() == 1);
}

TEST_CASE("fenced: the term ends, nothing is counted as published") {
  corridor_fixture f;
  f.kafka.fates = {fate::commit, fate::fence};
  f.from.answer(answer_body("power", {{"10:00", "1"}}));
  const auto outcomes = f.cycles({nem_stream()}, 1);
  CHECK(outcomes[0].end == cycle_end::fenced);
  CHECK(f.last_state.members[0].position == at("2026-11-23T10:00:00"));
  CHECK(f.board.records == 0);
}

TEST_CASE("a large answer goes out in transactions that are prefixes in time") {
  corridor_fixture f;
  f.chunk.records = 2;
  f.from.answer(answer_body("power", {{"10:00", "1"}, {"10:05", "2"}, {"10:10", "3"}, {"10:15", "4"}, {"10:20", "5"}}));
  f.cycles({nem_stream()}, 1);
  CHECK(f.kafka.transactions == std::vector<std::size_t>{0, 2, 2, 1});
  CHECK(f.kafka.state.members.at(power).position == at("2026-11-23T10:25:00"));
}

TEST_CASE("killed between two transactions of one answer, the rest is asked for again and nothing twice") {
  corridor_fixture f;
  f.chunk.records = 2;
  f.kafka.fates = {fate::commit, fate::commit, fate::fence};
  f.from.answer(answer_body("power", {{"10:00", "1"}, {"10:05", "2"}, {"10:10", "3"}}));
  f.cycles({nem_stream()}, 1);
  CHECK(f.kafka.state.members.at(power).position == at("2026-11-23T10:10:00"));
  f.kafka.fates.clear();
  f.from.answer(answer_body("power", {{"10:00", "1"}, {"10:05", "2"}, {"10:10", "3"}}));
  f.cycles({nem_stream()}, 1);
  CHECK(f.kafka.records.size() == 3);
}

TEST_CASE("a null is not published and leaves a gap; zero is a value") {
  corridor_fixture f;
  f.from.answer(answer_body("power", {{"10:00", "0"}, {"10:05", "null"}, {"10:10", "2"}}));
  f.cycles({nem_stream()}, 1);
  CHECK(f.kafka.records.size() == 2);
  REQUIRE(f.kafka.state.members.at(power).gaps.size() == 1);
  CHECK(f.kafka.state.members.at(power).gaps[0].range ==
        time_range{at("2026-11-23T10:05:00"), at("2026-11-23T10:10:00")});
}

TEST_CASE("metrics of one endpoint travel in one request") {
  corridor_fixture f;
  f.from.answer(answer_body("power", {{"10:00", "1"}}));
  f.cycles({nem_stream({"power", "energy"})}, 1);
  REQUIRE(f.from.asked().size() == 1);
  CHECK(f.from.asked()[0].metrics == std::vector<std::string>{"power", "energy"});
  CHECK(f.last_state.members[0].position == at("2026-11-23T10:05:00"));
  CHECK(f.last_state.members[1].position == at("2026-11-23T10:00:00"));  // its metric did not come: it holds
}

TEST_CASE("an empty window in the past is probed past, and the hole becomes a gap") {
  corridor_fixture f("2026-11-23T20:00:00");
  auto stream = nem_stream();
  stream.batch_size = std::chrono::hours(1);
  f.from.answer(error{errc::not_yet, "404", {}, 404});
  f.from.answer(answer_body("power", {{"14:00", "1"}, {"14:05", "2"}}));
  const auto outcomes = f.cycles({stream}, 2);
  CHECK(f.from.asked()[0].window.end == at("2026-11-23T11:00:00"));
  CHECK_FALSE(f.from.asked()[1].window.end);  // one request for all the rest
  CHECK(outcomes[0].end == cycle_end::more);
  REQUIRE(f.kafka.state.members.at(power).gaps.size() == 1);
  CHECK(f.kafka.state.members.at(power).gaps[0].range ==
        time_range{at("2026-11-23T10:00:00"), at("2026-11-23T14:00:00")});
  CHECK(f.kafka.state.members.at(power).position == at("2026-11-23T14:10:00"));
}

TEST_CASE("a window that stays malformed is halved and at one interval given up as a gap, with a sample kept") {
  corridor_fixture f("2026-11-23T10:11:00");
  for (int i = 0; i < 6; ++i) f.from.answer(std::string(R"({"success":true,"data":[{"metric":)"));
  f.from.answer(answer_body("power", {{"10:05", "2"}}));
  const auto outcomes = f.cycles({nem_stream()}, 7);
  CHECK(outcomes[0].end == cycle_end::failed);
  CHECK(outcomes[0].why.code == errc::malformed);
  CHECK(f.from.asked()[3].window.end == at("2026-11-23T10:05:00"));
  CHECK(outcomes[5].end == cycle_end::more);
  const auto& progress = f.kafka.state.members.at(power);
  REQUIRE(progress.gaps.size() == 1);
  CHECK(progress.gaps[0].reason == "malformed");
  CHECK_FALSE(f.samples.empty());
  CHECK(f.kafka.records.size() == 1);
}

TEST_CASE("a stream whose identity changed under its name stays stopped and says what to do") {
  corridor_fixture f;
  f.from.answer(answer_body("power", {{"10:00", "1"}}));
  f.cycles({nem_stream()}, 1);
  auto changed = nem_stream();
  changed.primary = primary_grouping::network_region;
  const auto outcomes = f.cycles({changed}, 1);
  CHECK(outcomes[0].why.code == errc::refused);
  CHECK(has_value(outcomes[0].why.context, "progress reset --stream nem"));
  CHECK(f.from.asked().size() == 1);
}

TEST_CASE("versions rise over restarts even when the clock steps back") {
  corridor_fixture f;
  f.from.answer(answer_body("power", {{"10:00", "1"}}));
  f.cycles({nem_stream()}, 1);
  const auto before = f.kafka.state.last_version;
  f.clock = time_source({f.clock.now(), f.clock.now() - std::chrono::hours(5), 1e-6});
  f.from.answer(answer_body("power", {{"10:05", "1"}}));
  f.cycles({nem_stream()}, 1);
  CHECK(f.kafka.state.last_version >= before);
}

TEST_CASE("killed before the first record, a stream still begins where it first wanted to") {
  corridor_fixture f;
  auto stream = nem_stream();
  stream.start = std::chrono::seconds(std::chrono::hours(2));
  f.cycles({stream}, 0);
  f.clock = time_source({f.clock.now(), f.clock.now() + std::chrono::hours(5), 1e-6});
  f.cycles({stream}, 1);
  CHECK(f.from.asked().back().window.start == at("2026-11-23T08:30:00"));
}

TEST_CASE("a key that does not work makes the daemon not ready until it does") {
  corridor_fixture f;
  f.board.role = "leading";
  f.from.answer(error{errc::bad_key, "GET: 401 Authentication failed", {}, 401});
  f.cycles({nem_stream()}, 1);
  CHECK(f.board.members.at(power).state == stream_state::bad_key);
  CHECK(judge_health(f.board).level == health_level::failing);
  CHECK(has_value(line_of(judge_health(f.board)), "key not accepted"));
  f.from.answer(answer_body("power", {{"10:00", "1"}}));
  f.cycles({nem_stream()}, 1);
  CHECK(judge_health(f.board).level == health_level::ok);
}
