// Gaps behind everything that is read again: asked for on their own cadence, on fakes.
#include "backfill/gap_retry.hpp"

#include <doctest/doctest.h>

#include "records/value_hash.hpp"
#include "support/failures.hpp"
#include "unit/pipeline/poll_fixture.hpp"

using namespace oes;
using namespace oes::test;

namespace {

time_range clock_minutes(const char* from, const char* to) {
  return {at(std::string("2026-11-23T") + from), at(std::string("2026-11-23T") + to)};
}

struct gap_fixture : poll_fixture {
  gap_fixture() : poll_fixture("2026-11-27T12:01:00") {
    // The live stream stands four days later; its ledger has left the gaps behind.
    auto& live = kafka.state.members[power];
    live.identity = canonical(make_groups({stream}).front().identity);
    live.start = at("2026-11-23T10:00:00");
    live.ledger_from = at("2026-11-24T12:00:00");
    live.position = at("2026-11-27T12:00:00");
    live.labels.cover({live.start, live.position});
  }

  void hole(time_range range, const char* reason = "no_data") {
    auto& live = kafka.state.members[power];
    live.labels.forget(range);
    live.labels.add_gap({range, reason, in_nem("2026-11-23T12:00:00")});
  }

  void pass() {
    in_term<bool>([&](walk_parts& w) { return drive_pass(w); });
  }

  boost::asio::awaitable<bool> drive_pass(walk_parts& w) {
    task_group background(loop.get_executor(), no_failure_expected());
    std::vector<std::pair<member_key, member_progress>> nobody;
    const auto claimed = co_await w.write.committer.claim(std::move(nobody));
    background.start("committer", w.write.committer.run());
    const auto groups = make_groups({stream});
    if (live_requests > 0) w.by.budget.join({std::chrono::minutes(5), std::chrono::minutes(5), live_requests, 0});
    gap_context bench{
        groups,
        w.by,
        w.read,
        w.write,
        [&] { return goes_on; },
        [&](const request_group& group, std::vector<member_labels> asked) { return recall(group, std::move(asked)); }};
    co_await retry_gaps(bench);
    w.write.committer.close();
    co_await background.join();
    co_return claimed.has_value();
  }

  boost::asio::awaitable<result<published_before>> recall(const request_group& group,
                                                          std::vector<member_labels> asked) {
    published_before out{{}, {}};
    for (std::size_t i = 0; i < asked.size(); ++i) out.known.push_back(past);
    const auto first = asked.front().labels.ranges().front().begin;
    if (labels_in_memory > 0) out.until = bucket_add(first, group.identity.interval, labels_in_memory);
    ++recalls;
    co_return out;
  }

  [[nodiscard]] const member_progress& member() const { return kafka.state.members.at(power); }
  [[nodiscard]] std::int64_t transactions() const { return kafka.state.sequence; }

  stream_spec stream = nem_stream();
  published_points past{interval_size::m5};
  int labels_in_memory = 0;  ///< 0: all
  bool goes_on = true;
  int live_requests = 0;  ///< of a poll each five minutes
  int recalls = 0;
};

constexpr std::int64_t claim_only = 1;

}  // namespace

TEST_CASE("what has come of a gap is published like any late point; what has not stays a gap as it was") {
  gap_fixture f;
  f.hole(clock_minutes("10:05:00", "10:20:00"));
  f.from.answer(answer_body("power", {{"10:05", "1"}, {"10:10", "2"}, {"10:15", "null"}}));
  f.pass();
  REQUIRE(f.from.asked().size() == 1);
  CHECK(f.from.asked()[0].window == time_window{at("2026-11-23T10:05:00"), at("2026-11-23T10:20:00")});
  REQUIRE(f.kafka.records.size() == 2);
  CHECK(f.kafka.records[0].second.find(R"("revision":0)") != std::string::npos);
  CHECK(f.kafka.records[0].second.find("backfill") == std::string::npos);
  REQUIRE(f.member().labels.gaps().size() == 1);
  CHECK(f.member().labels.gaps()[0] ==
        gap{clock_minutes("10:15:00", "10:20:00"), "no_data", in_nem("2026-11-23T12:00:00")});
  CHECK(f.member().position == at("2026-11-27T12:00:00"));
  f.from.answer(answer_body("power", {{"10:15", "3"}}));
  f.pass();
  CHECK(f.member().labels.gaps().empty());
  CHECK(f.member().labels.covers(at("2026-11-23T10:15:00")));
}

TEST_CASE("no news is no transaction") {
  gap_fixture f;
  f.hole(clock_minutes("10:05:00", "10:20:00"));
  f.pass();  // nothing is queued: 404
  f.from.answer(answer_body("power", {{"10:05", "null"}, {"10:10", "null"}}));
  f.pass();
  CHECK(f.from.asked().size() == 2);
  CHECK(f.kafka.records.empty());
  CHECK(f.transactions() == 2 * claim_only);
  CHECK(f.member().labels.gaps().size() == 1);
}

TEST_CASE("gaps of one window travel in one request; what is re-read anyway is not asked for") {
  gap_fixture f;
  f.hole(clock_minutes("10:05:00", "10:10:00"));
  f.hole(clock_minutes("23:00:00", "23:05:00"));
  f.hole({at("2026-11-25T10:00:00"), at("2026-11-25T11:00:00")});
  f.pass();
  REQUIRE(f.from.asked().size() == 1);
  CHECK(f.from.asked()[0].window == time_window{at("2026-11-23T10:05:00"), at("2026-11-23T23:05:00")});
}

TEST_CASE("what an operator has passed with seek is not asked for") {
  gap_fixture f;
  f.hole(clock_minutes("10:05:00", "10:20:00"), "seek");
  f.pass();
  f.set_now("2026-12-24T10:00:00");
  f.pass();
  CHECK(f.from.asked().empty());
  CHECK(!f.member().labels.gaps().at(0).given_up_at);
}

TEST_CASE("a gap whose data is older than gap_give_up is recorded as given up, and not asked for again") {
  gap_fixture f;
  f.hole(clock_minutes("10:05:00", "10:20:00"));
  f.set_now("2026-12-24T10:00:00");
  f.pass();
  CHECK(f.from.asked().empty());
  REQUIRE(f.member().labels.gaps().size() == 1);
  CHECK(f.member().labels.gaps()[0].given_up_at.has_value());
  CHECK(f.member().labels.gaps()[0].reason == "no_data");
  CHECK(f.member().labels.gaps()[0].found_at == in_nem("2026-11-23T12:00:00"));
  const auto before = f.transactions();
  f.pass();
  CHECK(f.transactions() == before + claim_only);
}

TEST_CASE("a gap that stays unusable does not hold up the others of its window") {
  gap_fixture f;
  f.hole(clock_minutes("10:05:00", "10:10:00"), "malformed");
  f.hole(clock_minutes("11:00:00", "11:05:00"));
  f.from.answer("{");
  f.from.answer("{");
  f.from.answer(answer_body("power", {{"11:00", "7"}}));
  f.pass();
  REQUIRE(f.from.asked().size() == 3);
  CHECK(f.kafka.records.size() == 1);
  REQUIRE(f.member().labels.gaps().size() == 1);
  CHECK(f.member().labels.gaps()[0].reason == "malformed");
}

TEST_CASE("a gap that stays too much for the API does not starve the younger ones, and is tried in smaller windows") {
  for (const auto& why : {error{errc::server_error, "500", {}, 500}, error{errc::timed_out, "late", {}, 0}}) {
    gap_fixture f;
    f.stream.batch_size = std::chrono::hours(1);
    f.hole(clock_minutes("10:00:00", "11:00:00"));
    f.hole(clock_minutes("15:05:00", "15:10:00"));
    f.from.serve = [&](const fetch_request& asked) -> result<raw_answer> {
      const auto size = *asked.window.end - asked.window.start;
      if (asked.window.start < at("2026-11-23T12:00:00") && size > std::chrono::minutes(15)) return why;
      const bool is_young = asked.window.start > at("2026-11-23T12:00:00");
      return raw_answer{
          is_young ? answer_body("power", {{"15:05", "2"}}) : answer_body("power", {{"10:00", "1"}}), {}, {}};
    };
    f.pass();
    REQUIRE(f.kafka.records.size() == 2);
    CHECK(f.kafka.records[0].second.find(R"("power":2)") != std::string::npos);  // not kept waiting
    CHECK(f.kafka.records[1].second.find(R"("power":1)") != std::string::npos);
  }
}

TEST_CASE("a gap that nothing mends costs a pass a dozen requests at most") {
  gap_fixture f;
  f.hole(clock_minutes("10:00:00", "20:00:00"));
  f.from.serve = [](const fetch_request&) -> result<raw_answer> { return error{errc::server_error, "500", {}, 500}; };
  f.pass();
  CHECK(f.from.asked().size() == 12);
  CHECK(f.member().labels.gaps().size() == 1);
}

TEST_CASE("of a long gap what is too old is given up, and the rest is asked for") {
  gap_fixture f;
  auto& live = f.kafka.state.members[power];
  live.start = at("2026-09-20T00:00:00");
  live.labels = {};
  live.labels.add_gap({{live.start, at("2026-11-20T00:00:00")}, "no_data", in_nem("2026-09-20T12:00:00")});
  f.pass();
  REQUIRE_FALSE(f.from.asked().empty());
  CHECK(f.from.asked().front().window.start == at("2026-10-28T12:00:00"));
  REQUIRE(f.member().labels.gaps().size() == 2);
  CHECK(f.member().labels.gaps()[0].range == time_range{live.start, at("2026-10-28T12:00:00")});
  CHECK(f.member().labels.gaps()[0].given_up_at.has_value());
  CHECK_FALSE(f.member().labels.gaps()[1].given_up_at.has_value());
}

TEST_CASE("what begins before the plan's history takes nothing of the rest with it") {
  gap_fixture f;
  f.limits.history = std::chrono::days(20);
  f.budget_options.plan = "COMMUNITY";
  auto& live = f.kafka.state.members[power];
  live.start = at("2026-11-01T00:00:00");
  live.labels = {};
  live.labels.add_gap({{live.start, at("2026-11-20T00:00:00")}, "no_data", in_nem("2026-11-01T12:00:00")});
  f.pass();
  REQUIRE_FALSE(f.from.asked().empty());
  const auto oldest = f.from.asked().front().window.start;
  CHECK(oldest >= at("2026-11-08T12:00:00"));
  CHECK(oldest <= at("2026-11-09T01:00:00"));
  CHECK(f.member().labels.gaps()[0].range == time_range{live.start, oldest});
}

TEST_CASE("no gap is given up for a plan that nobody has told") {
  gap_fixture f;
  f.limits.history = std::chrono::days(20);
  auto& live = f.kafka.state.members[power];
  live.start = at("2026-11-01T00:00:00");
  live.labels = {};
  live.labels.add_gap({{live.start, at("2026-11-02T00:00:00")}, "no_data", in_nem("2026-11-01T12:00:00")});
  f.pass();
  REQUIRE_FALSE(f.from.asked().empty());
  CHECK(f.from.asked().front().window.start == live.start);
  CHECK_FALSE(f.member().labels.gaps()[0].given_up_at.has_value());
}

TEST_CASE("trouble that asks for patience ends the pass, and the gaps stay") {
  gap_fixture f;
  f.stream.batch_size = std::chrono::hours(1);
  f.hole(clock_minutes("10:05:00", "10:10:00"));
  f.hole(clock_minutes("15:00:00", "15:05:00"));
  f.from.answer(error{errc::limit_reached, "limit reached", {}, 401});
  f.pass();
  CHECK(f.from.asked().size() == 1);
  CHECK(f.member().labels.gaps().size() == 2);
}

TEST_CASE("where points without a value are published, a gap that fills is their next revision") {
  gap_fixture f;
  f.stream.publish_nulls = true;
  f.hole(clock_minutes("10:05:00", "10:15:00"));
  const auto id = f.past.add({});
  f.past.put(id, at("2026-11-23T10:05:00"), {null_hash, 0});
  f.past.put(id, at("2026-11-23T10:10:00"), {null_hash, 0});
  f.from.answer(answer_body("power", {{"10:05", "1"}, {"10:10", "null"}}));
  f.pass();
  REQUIRE(f.kafka.records.size() == 1);
  CHECK(f.kafka.records[0].second.find(R"("revision":1)") != std::string::npos);
}

TEST_CASE("W6: what was published of a gap is compared with, whatever the stream publishes today, and read once") {
  gap_fixture f;
  f.stream.batch_size = std::chrono::hours(1);
  f.hole(clock_minutes("10:05:00", "10:10:00"));
  f.hole(clock_minutes("15:05:00", "15:10:00"));
  f.past.put(f.past.add({}), at("2026-11-23T10:05:00"), {null_hash, 0});
  f.from.answer(answer_body("power", {{"10:05", "1"}}));
  f.from.answer(answer_body("power", {{"15:05", "2"}}));
  f.pass();
  REQUIRE(f.kafka.records.size() == 2);
  CHECK(f.kafka.records[0].second.find(R"("revision":1)") != std::string::npos);
  CHECK(f.kafka.records[1].second.find(R"("revision":0)") != std::string::npos);
  CHECK(f.recalls == 1);
}

TEST_CASE("W6: where nothing has come the data topics are not read") {
  gap_fixture f;
  f.hole(clock_minutes("10:05:00", "10:10:00"));
  f.from.answer(answer_body("power", {{"10:05", "null"}}));
  f.pass();
  CHECK(f.recalls == 0);
}

TEST_CASE("a backfill that comes is let through between two requests") {
  gap_fixture f;
  f.goes_on = false;
  f.hole(clock_minutes("10:05:00", "10:20:00"));
  f.pass();
  CHECK(f.from.asked().empty());
}

TEST_CASE("passes come daily after the API's own repairs, and not at once") {
  const schedule_settings settings;
  const auto next = [&](std::string_view now, double scatter) { return next_gap_pass(in_nem(now), settings, scatter); };
  CHECK(next("2026-11-23T12:00:00", 0) == in_nem("2026-11-24T02:00:00"));
  CHECK(next("2026-11-23T01:59:00", 0.5) == in_nem("2026-11-23T02:15:00"));
  CHECK(next("2026-11-23T02:15:00", 0.5) == in_nem("2026-11-24T02:15:00"));
}

TEST_CASE("a gap that its feed has not filled yet stays one") {
  for (const bool filled : {false, true}) {
    gap_fixture f;
    f.hole(clock_minutes("10:05:00", "10:15:00"));
    f.kafka.state.members[power].ledger_from = at("2026-11-23T10:15:00");
    f.set_now("2026-11-23T10:40:00");
    std::vector<std::pair<std::string, std::string>> points{{"10:05", "1"}, {"10:10", "2"}};
    if (filled) points.emplace_back("10:15", "3");
    f.from.answer(answer_body("power", points));
    f.pass();
    CHECK(f.kafka.records.size() == (filled ? 2 : 1));
    CHECK(f.member().labels.gaps().size() == (filled ? 0 : 1));
  }
}

TEST_CASE("gaps that fill are compared in as many pieces as memory wants, all with one answer") {
  gap_fixture f;
  f.hole(clock_minutes("10:05:00", "10:20:00"));
  const auto id = f.past.add({});
  f.past.put(id, at("2026-11-23T10:05:00"), {null_hash, 0});
  f.past.put(id, at("2026-11-23T10:15:00"), {null_hash, 4});
  f.labels_in_memory = 1;
  f.from.answer(answer_body("power", {{"10:05", "1"}, {"10:10", "2"}, {"10:15", "3"}}));
  f.pass();
  CHECK(f.from.asked().size() == 1);
  CHECK(f.recalls == 3);
  REQUIRE(f.kafka.records.size() == 3);
  CHECK(f.kafka.records[0].second.find(R"("revision":1)") != std::string::npos);
  CHECK(f.kafka.records[1].second.find(R"("revision":0)") != std::string::npos);
  CHECK(f.kafka.records[2].second.find(R"("revision":5)") != std::string::npos);
  CHECK(f.member().labels.gaps().empty());
}

TEST_CASE("a pass takes what live polls leave of the day and a tenth of it in any case, and begins with other gaps") {
  for (const int live : {0, 10}) {
    gap_fixture f;
    f.stream.batch_size = std::chrono::hours(1);
    f.budget_options.credits_per_day = 100;  // 90 of them are ours
    f.live_requests = live;
    f.hole({at("2026-11-23T10:00:00"), at("2026-11-24T06:00:00")});
    f.pass();
    CHECK(f.from.asked().size() == (live == 0 ? 20 : 9));
    CHECK(f.from.asked().front().window.start == at("2026-11-23T20:00:00"));
  }
}
