#include <doctest/doctest.h>

#include <set>

#include "telemetry/health.hpp"
#include "unit/pipeline/poll_fixture.hpp"

using namespace oes;
using namespace oes::test;

namespace {

bool has_value(const std::string& record, const std::string& text) { return record.find(text) != std::string::npos; }
}  // namespace

TEST_CASE("an answer becomes records, and progress moves with them") {
  poll_fixture f;
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
  poll_fixture f;
  f.from.answer(answer_body("power", {{"10:00", "1"}, {"10:05", "2"}}));
  f.cycles({nem_stream()}, 1);
  f.from.answer(answer_body("power", {{"10:00", "1"}, {"10:05", "2"}, {"10:10", "3"}}));
  f.cycles({nem_stream()}, 1);
  CHECK(f.from.asked().back().window == time_window{at("2026-11-23T10:00:00"), std::nullopt});
  CHECK(f.kafka.records.size() == 3);
}

TEST_CASE("404 at the live edge waits: nothing begun, nothing moved, no failure") {
  poll_fixture f;
  f.from.answer(error{errc::not_yet, "404", {}, 404});
  const auto outcomes = f.cycles({nem_stream()}, 1);
  CHECK(outcomes[0].end == cycle_end::nothing_yet);
  CHECK(f.kafka.records.empty());
  CHECK(f.kafka.transactions == std::vector<std::size_t>{0});  // the claim alone
  CHECK(f.board.members.at(power).state == stream_state::waiting);
}

TEST_CASE("an answer that brings nothing new makes no transaction") {
  poll_fixture f;
  f.from.answer(answer_body("power", {{"10:00", "1"}}));
  f.from.answer(answer_body("power", {{"10:00", "1"}}));
  const auto outcomes = f.cycles({nem_stream()}, 2);
  CHECK(outcomes[1].end == cycle_end::nothing_yet);
  CHECK(f.kafka.transactions.size() == 2);  // claim, one interval
}

TEST_CASE("a transaction that is known not to be committed is sent again, without asking the API again") {
  poll_fixture f;
  f.kafka.fates = {fate::commit, fate::drop, fate::drop};
  f.from.answer(answer_body("power", {{"10:00", "1"}}));
  const auto outcomes = f.cycles({nem_stream()}, 1);
  CHECK(outcomes[0].end == cycle_end::published);
  CHECK(f.kafka.records.size() == 1);
  CHECK(f.from.asked().size() == 1);
}

TEST_CASE("a commit whose answer was lost is not repeated") {
  poll_fixture f;
  f.kafka.fates = {fate::commit, fate::commit_but_lose_the_answer};
  f.kafka.loads_that_fail = 2;  // and Kafka cannot even be asked at first
  f.from.answer(answer_body("power", {{"10:00", "1"}}));
  const auto outcomes = f.cycles({nem_stream()}, 1);
  CHECK(outcomes[0].end == cycle_end::published);
  CHECK(f.kafka.records.size() == 1);
}

TEST_CASE("an abort whose answer was lost is repeated") {
  poll_fixture f;
  f.kafka.fates = {fate::commit, fate::drop_and_lose_the_answer};
  f.from.answer(answer_body("power", {{"10:00", "1"}}));
  f.cycles({nem_stream()}, 1);
  CHECK(f.kafka.records.size() == 1);
}

TEST_CASE("fenced: the term ends, nothing is counted as published") {
  poll_fixture f;
  f.kafka.fates = {fate::commit, fate::fence};
  f.from.answer(answer_body("power", {{"10:00", "1"}}));
  const auto outcomes = f.cycles({nem_stream()}, 1);
  CHECK(outcomes[0].end == cycle_end::fenced);
  CHECK(f.last_state.members[0].position == at("2026-11-23T10:00:00"));
  CHECK(f.board.records == 0);
}

TEST_CASE("a large answer goes out in transactions that are prefixes in time") {
  poll_fixture f;
  f.chunk.records = 2;
  f.from.answer(answer_body("power", {{"10:00", "1"}, {"10:05", "2"}, {"10:10", "3"}, {"10:15", "4"}, {"10:20", "5"}}));
  f.cycles({nem_stream()}, 1);
  CHECK(f.kafka.transactions == std::vector<std::size_t>{0, 2, 2, 1});
  CHECK(f.kafka.state.members.at(power).position == at("2026-11-23T10:25:00"));
}

TEST_CASE("killed between two transactions of one answer, the rest is asked for again and nothing twice") {
  poll_fixture f;
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
  poll_fixture f;
  f.from.answer(answer_body("power", {{"10:00", "0"}, {"10:05", "null"}, {"10:10", "2"}}));
  f.cycles({nem_stream()}, 1);
  CHECK(f.kafka.records.size() == 2);
  REQUIRE(f.kafka.state.members.at(power).labels.gaps().size() == 1);
  CHECK(f.kafka.state.members.at(power).labels.gaps()[0].range ==
        time_range{at("2026-11-23T10:05:00"), at("2026-11-23T10:10:00")});
}

TEST_CASE("metrics of one endpoint travel in one request") {
  poll_fixture f;
  f.from.answer(answer_body("power", {{"10:00", "1"}}));
  f.cycles({nem_stream({"power", "energy"})}, 1);
  REQUIRE(f.from.asked().size() == 1);
  CHECK(f.from.asked()[0].metrics == std::vector<std::string>{"power", "energy"});
  CHECK(f.last_state.members[0].position == at("2026-11-23T10:05:00"));
  CHECK(f.last_state.members[1].position == at("2026-11-23T10:00:00"));  // its metric did not come: it holds
}

TEST_CASE("an empty window in the past is probed past, and the hole becomes a gap") {
  poll_fixture f("2026-11-23T20:00:00");
  auto stream = nem_stream();
  stream.batch_size = std::chrono::hours(1);
  f.from.answer(error{errc::not_yet, "404", {}, 404});
  f.from.answer(answer_body("power", {{"14:00", "1"}, {"14:05", "2"}}));
  const auto outcomes = f.cycles({stream}, 2);
  CHECK(f.from.asked()[0].window.end == at("2026-11-23T11:00:00"));
  CHECK_FALSE(f.from.asked()[1].window.end);  // one request for all the rest
  CHECK(outcomes[0].end == cycle_end::more);
  REQUIRE(f.kafka.state.members.at(power).labels.gaps().size() == 1);
  CHECK(f.kafka.state.members.at(power).labels.gaps()[0].range ==
        time_range{at("2026-11-23T10:00:00"), at("2026-11-23T14:00:00")});
  CHECK(f.kafka.state.members.at(power).position == at("2026-11-23T14:10:00"));
}

TEST_CASE("a window that stays malformed is halved and at one interval given up as a gap, with a sample kept") {
  poll_fixture f("2026-11-23T10:11:00");
  for (int i = 0; i < 6; ++i) f.from.answer(std::string(R"({"success":true,"data":[{"metric":)"));
  f.from.answer(answer_body("power", {{"10:05", "2"}}));
  const auto outcomes = f.cycles({nem_stream()}, 7);
  CHECK(outcomes[0].end == cycle_end::failed);
  CHECK(outcomes[0].why.code == errc::malformed);
  CHECK(f.from.asked()[3].window.end == at("2026-11-23T10:05:00"));
  CHECK(outcomes[5].end == cycle_end::more);
  const auto& progress = f.kafka.state.members.at(power);
  REQUIRE(progress.labels.gaps().size() == 1);
  CHECK(progress.labels.gaps()[0].reason == "malformed");
  CHECK_FALSE(f.samples.empty());
  CHECK(f.kafka.records.size() == 1);
}

TEST_CASE("a stream whose identity changed under its name stays stopped and says what to do") {
  poll_fixture f;
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
  poll_fixture f;
  f.from.answer(answer_body("power", {{"10:00", "1"}}));
  f.cycles({nem_stream()}, 1);
  const auto before = f.kafka.state.last_version;
  f.clock = time_source({f.clock.now(), f.clock.now() - std::chrono::hours(5), 1e-6});
  f.from.answer(answer_body("power", {{"10:05", "1"}}));
  f.cycles({nem_stream()}, 1);
  CHECK(f.kafka.state.last_version >= before);
}

TEST_CASE("killed before the first record, a stream still begins where it first wanted to") {
  poll_fixture f;
  auto stream = nem_stream();
  stream.start = std::chrono::seconds(std::chrono::hours(2));
  f.cycles({stream}, 0);
  f.clock = time_source({f.clock.now(), f.clock.now() + std::chrono::hours(5), 1e-6});
  f.cycles({stream}, 1);
  CHECK(f.from.asked().back().window.start == at("2026-11-23T08:30:00"));
}

TEST_CASE("a key that does not work makes the daemon not ready until it does") {
  poll_fixture f;
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

namespace {

error maintenance() { return {errc::server_error, "GET: 503 Maintenance Mode", {}, 503}; }

}  // namespace

TEST_CASE("E5: while the API is away a group asks nothing by itself and costs no credit") {
  poll_fixture f;
  f.budget_options.credits_per_day = 100;
  f.from.answer(maintenance());
  f.from.answer(maintenance());
  const auto outcomes = f.cycles({nem_stream()}, 5);
  CHECK(f.from.asked().size() == 1);
  for (const auto& outcome : outcomes) {
    CHECK(outcome.end == cycle_end::failed);
    CHECK(outcome.why.retry_after.has_value());
    CHECK(has_value(outcome.why.context, "503 Maintenance Mode"));
  }
  CHECK(outcomes.back().why.code == errc::unreachable);
  CHECK(f.board.credits_used_today == 0);
  CHECK(f.board.members.at(power).state == stream_state::retrying);
  CHECK(f.board.members.at(power).last_error == "GET: 503 Maintenance Mode");
  REQUIRE(f.board.api_outage);
  CHECK(f.board.api_outage->why == "GET: 503 Maintenance Mode");
  CHECK(f.board.api_outage->next_probe > f.board.api_outage->since);
}

TEST_CASE("E5: what is a group's own opens nothing") {
  poll_fixture f;
  f.from.answer(error{errc::server_error, "500", {}, 500});
  f.from.answer(error{errc::not_yet, "404", {}, 404});
  f.from.answer("no JSON");
  f.from.answer(answer_body("power", {{"10:00", "1"}}));
  const auto outcomes = f.cycles({nem_stream()}, 4);
  CHECK(f.from.asked().size() == 4);
  CHECK(outcomes.back().end == cycle_end::published);
  CHECK_FALSE(f.board.api_outage);
}

TEST_CASE("E6: without credits the board says what is left and when polls go on") {
  poll_fixture f;
  f.budget_options.credits_per_day = 1;
  f.budget_options.share = 1;
  f.from.answer(answer_body("power", {{"10:00", "1"}}));
  const auto outcomes = f.cycles({nem_stream()}, 2);
  CHECK(outcomes.back().why.code == errc::rate_limited);
  CHECK(f.board.credits_left == 0);
  CHECK(f.board.credits_resume_at == utc("2026-11-24T00:00:00Z"));
  CHECK(f.board.members.at(power).state == stream_state::limit_reached);
}

TEST_CASE("C5: a relative start is resolved anew when the clock turns out to have been ahead") {
  for (const stream_start start :
       {stream_start(std::chrono::seconds(std::chrono::hours(2))), stream_start(start_latest{})}) {
    poll_fixture f("2026-11-24T10:31:00");  // a day ahead
    auto stream = nem_stream();
    stream.start = start;
    f.cycles({stream}, 0);
    CHECK(f.kafka.state.members.at(power).start > at("2026-11-24T08:00:00"));
    f.set_now("2026-11-23T10:31:00");
    if (start == stream_start(start_latest{})) {
      f.cycles({stream}, 1);
      CHECK(f.kafka.state.members.at(power).start == at("2026-11-23T10:30:00"));
    } else {
      // Begun in this term: not only what lies in the future is corrected.
      const std::map<member_key, moment> begun{{power, {in_nem("2026-11-24T10:31:00"), {}}}};
      const auto group = make_groups({stream}).front();
      const auto opened = open_group(
          group, {f.kafka.state.members, f.kafka.ledger, f.clock.now(), f.limits.history, std::nullopt, &begun});
      const auto drawn =
          corrected_starts(group, *opened, {f.clock.now(), {}}, clock_standing::unknown, f.limits.history);
      REQUIRE(drawn.size() == 1);
      CHECK(drawn.front().second.restart == at("2026-11-23T08:30:00"));
    }
  }
}

TEST_CASE("C5: what was published, what an operator wrote and what an absolute start says stays") {
  poll_fixture f("2026-11-24T10:31:00");
  auto stream = nem_stream();
  f.cycles({stream}, 0);  // start: 2026-11-23T10:00
  const auto group = make_groups({stream}).front();
  const auto drawn_at = [&](std::string_view now, const request_group& asked, std::chrono::hours passed = {}) {
    const std::map<member_key, moment> begun{{power, {in_nem("2026-11-24T10:31:00"), {}}}};
    const auto opened = open_group(
        asked, {f.kafka.state.members, f.kafka.ledger, f.clock.now(), f.limits.history, std::nullopt, &begun});
    return corrected_starts(asked, *opened, {in_nem(now), run_time(passed)}, clock_standing::agrees, f.limits.history)
        .size();
  };
  CHECK(drawn_at("2026-11-22T00:00:00", group) == 0);
  auto relative = group;
  relative.members.front().start = std::chrono::seconds(std::chrono::hours(1));
  CHECK(drawn_at("2026-11-22T00:00:00", relative) == 1);
  CHECK(drawn_at("2026-11-30T00:31:00", relative, std::chrono::hours(6 * 24 - 10)) == 0);  // it has only waited
  auto& member = f.kafka.state.members.at(power);
  member.labels.cover({member.start, member.start + std::chrono::minutes(5)});
  member.position += std::chrono::minutes(5);
  CHECK(drawn_at("2026-11-22T00:00:00", relative) == 0);
}

TEST_CASE("C5: a relative start that was resolved by a clock of the past begins where it would have by the right one") {
  poll_fixture f("2020-01-01T00:00:00");
  auto stream = nem_stream();
  stream.start = std::chrono::seconds(std::chrono::hours(24));
  f.cycles({stream}, 0);
  CHECK(f.kafka.state.members.at(power).start == at("2019-12-31T00:00:00"));
  const auto group = make_groups({stream}).front();
  const std::map<member_key, moment> begun{{power, {in_nem("2020-01-01T00:00:00"), {}}}};
  const auto opened =
      open_group(group, {f.kafka.state.members, f.kafka.ledger, f.clock.now(), f.limits.history, std::nullopt, &begun});
  // Set right after two hours, an hour of which the stream has waited already.
  const moment now{in_nem("2026-11-23T12:31:00"), run_time(std::chrono::hours(2))};
  for (const auto not_sure : {clock_standing::unknown, clock_standing::refused}) {
    CHECK(corrected_starts(group, *opened, now, not_sure, f.limits.history).empty());
  }
  const auto corrected = corrected_starts(group, *opened, now, clock_standing::agrees, f.limits.history);
  REQUIRE(corrected.size() == 1);
  CHECK(corrected.front().second.restart == at("2026-11-22T10:30:00"));
}

TEST_CASE("C5: a start that lies in the future is drawn back and the stream reads on") {
  poll_fixture f("2026-11-24T10:31:00");
  auto stream = nem_stream();
  stream.start = start_latest{};
  f.cycles({stream}, 0);
  f.set_now("2026-11-23T10:31:00");
  f.cycles({stream}, 1);
  f.set_now("2026-11-23T10:41:00");
  f.from.answer(answer_body("power", {{"10:35", "1"}}));
  const auto outcomes = f.cycles({stream}, 1);
  CHECK(outcomes.back().end == cycle_end::published);
  CHECK(f.kafka.state.members.at(power).position == at("2026-11-23T10:40:00"));
}

TEST_CASE("a metric that the API has no row of is known, whatever else is asked for with it") {
  poll_fixture f("2026-11-23T10:31:00");
  f.from.answer(answer_body("power", {{"10:00", "1.0"}, {"10:05", "2.0"}}));
  f.cycles({nem_stream({"power", "energy"})}, 1);
  CHECK_FALSE(f.board.members.at(power).rowless_since);
  CHECK(f.board.members.at({"nem", "energy"}).rowless_since);
}
