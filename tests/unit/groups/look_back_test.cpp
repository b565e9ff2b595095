#include "groups/look_back.hpp"

#include <doctest/doctest.h>

#include "groups/conclude.hpp"
#include "groups/open_group.hpp"
#include "groups/plan_group.hpp"
#include "support/times.hpp"

using namespace oes;
using namespace oes::test;

namespace {

request_group group_of(std::optional<std::chrono::seconds> batch_size = {}) {
  stream_spec stream;
  stream.name = "s";
  stream.metrics = {"power"};
  stream.topic = "t";
  stream.batch_size = batch_size;
  return make_groups({stream}).front();
}

struct poller {
  explicit poller(request_group of) : group(std::move(of)) {
    member_progress member;
    member.identity = canonical(group.identity);
    member.start = at("2026-11-01T00:00:00");
    member.ledger_from = at("2026-11-20T10:00:00");
    member.position = at("2026-11-23T10:00:00");
    const std::map<member_key, member_progress> known{{{"s", "power"}, member}};
    const ledger_book ledgers;
    const opening standing{known, ledgers, {}, std::nullopt, std::nullopt};
    state = open_group(group, standing).value();
  }

  /// What is asked at `now`, answered in full: the stream stands at `now` afterwards.
  std::string poll(std::string_view now) {
    const auto plan = plan_group(group, state, context(now), turn::live);
    if (!plan) return "nothing";
    conclude(group, state, *plan, {}, what_was_taken::something);
    if (!plan->old_only) state.members[0].position = bucket_floor(at(now), interval_size::m5);
    return format(plan->window.start) + (plan->window.end ? " to " + format(*plan->window.end) : "");
  }
  plan_context context(std::string_view now) const { return {at(now), limits_of("COMMUNITY"), std::chrono::hours(1)}; }

  request_group group;
  group_state state;
};

}  // namespace

TEST_CASE("the first poll reaches back over the whole horizon, later ones an hour, and wider in their turn") {
  poller p(group_of());
  CHECK(p.poll("2026-11-23T10:06:00") == "2026-11-20T10:00:00");
  CHECK(p.poll("2026-11-23T10:11:00") == "2026-11-23T09:05:00");
  CHECK(p.poll("2026-11-23T12:06:00") == "2026-11-22T22:10:00");  // two hours on: twelve back
  CHECK(p.poll("2026-11-23T12:11:00") == "2026-11-23T11:05:00");
  CHECK(p.poll("2026-11-24T06:01:00") == "2026-11-20T12:10:00");  // six in the morning: three days
  CHECK(p.poll("2026-11-24T06:06:00") == "2026-11-24T05:00:00");
}

TEST_CASE("where windows are capped, each poll stays one request and a wide re-read comes in pieces") {
  poller p(group_of(std::chrono::hours(24)));
  CHECK(p.poll("2026-11-23T10:06:00") == "2026-11-20T10:00:00 to 2026-11-21T10:00:00");
  CHECK(p.poll("2026-11-23T10:06:00") == "2026-11-21T10:00:00 to 2026-11-22T10:00:00");
  CHECK(p.poll("2026-11-23T10:06:00") == "2026-11-22T10:00:00 to 2026-11-23T10:00:00");
  CHECK(p.poll("2026-11-23T10:06:00") == "2026-11-23T09:00:00");
  CHECK(p.poll("2026-11-23T10:11:00") == "2026-11-23T09:05:00");
  poller hourly(group_of(std::chrono::hours(1)));
  for (int i = 0; i < 72; ++i) hourly.poll("2026-11-23T10:06:00");
  CHECK(hourly.poll("2026-11-23T10:06:00") == "2026-11-23T10:00:00");  // no room for the hour before
}

TEST_CASE("what a poll had no room to read again is read with the next one, from where it was passed over") {
  auto group = group_of();
  group.re_reads = {{std::chrono::minutes(30), {}, {}}};
  poller p(std::move(group));
  p.poll("2026-11-23T10:06:00");
  CHECK(p.poll("2026-11-23T10:11:00") == "2026-11-23T09:35:00");
  // The API timed out: windows have shrunk to a quarter of an hour until it answers.
  p.state.trouble[turn::live].news.smaller = std::chrono::minutes(15);
  CHECK(p.poll("2026-11-23T10:26:00") == "2026-11-23T10:10:00");
  CHECK(p.state.re_reads.keep_from(0) == at("2026-11-23T09:40:00"));
  CHECK(p.poll("2026-11-23T10:31:00") == "2026-11-23T09:40:00");
  CHECK(p.poll("2026-11-23T10:36:00") == "2026-11-23T10:00:00");
  CHECK(p.state.re_reads.keep_from(0) == network_time::max());
}

TEST_CASE("who is far behind owes nothing of what no poll has room for") {
  auto group = group_of(std::chrono::hours(1));
  group.re_reads = {{std::chrono::minutes(30), {}, {}}};
  poller p(std::move(group));
  p.state.members[0].ledger_from = p.state.members[0].position = at("2026-11-20T10:00:00");
  p.state.re_reads.fall_due(0, p.state.members[0], at("2026-11-23T10:00:00"), each_poll::left_out);
  p.state.members[0].position = at("2026-11-20T11:00:00");
  p.state.re_reads.fall_due(0, p.state.members[0], at("2026-11-23T10:01:00"), each_poll::left_out);
  CHECK(p.state.re_reads.keep_from(0) == network_time::max());
}

TEST_CASE("a wide window that failed does not hold up the live edge") {
  poller p(group_of());
  p.state.re_reads.postpone(at("2026-11-23T10:06:00"));
  CHECK(p.poll("2026-11-23T10:07:00") == "2026-11-23T09:00:00");
  CHECK(p.poll("2026-11-23T10:22:00") == "2026-11-20T10:00:00");  // from where it was owed
}

TEST_CASE("a wide window that the API refuses is asked for again after an hour, and live polls go on meanwhile") {
  poller p(group_of());
  p.state.re_reads.postpone(at("2026-11-23T10:06:00"), std::chrono::hours(1));
  CHECK(p.poll("2026-11-23T10:22:00") == "2026-11-23T09:00:00");
  CHECK(p.poll("2026-11-23T11:05:00") == "2026-11-23T09:20:00");
  CHECK(p.poll("2026-11-23T11:07:00") == "2026-11-20T10:00:00");
}

TEST_CASE("nothing older than the ledger is asked for again") {
  poller p(group_of());
  p.state.members[0].ledger_from = at("2026-11-22T00:00:00");
  CHECK(p.poll("2026-11-23T10:06:00") == "2026-11-22T00:00:00");
}

TEST_CASE("a window that came back empty is passed over when it was read before") {
  poller p(group_of(std::chrono::hours(24)));
  const auto plan = plan_group(p.group, p.state, p.context("2026-11-23T10:06:00"), turn::live);
  REQUIRE(plan->old_only);
  CHECK(conclude_empty(p.group, p.state, *plan).value());
  CHECK(p.poll("2026-11-23T10:06:00") == "2026-11-21T10:00:00 to 2026-11-22T10:00:00");
}

TEST_CASE("W7: what an answer left out of what was published is still owed, later again, and not for ever") {
  poller p(group_of());
  const auto leave_out = [&p](std::string_view now) {
    const auto plan = plan_group(p.group, p.state, p.context(now), turn::live);
    conclude(p.group, p.state, *plan, {{0, unanswered::left_out}}, what_was_taken::something);
    return format(plan->window.start);
  };
  CHECK(leave_out("2026-11-23T10:06:00") == "2026-11-20T10:00:00");
  CHECK(leave_out("2026-11-23T10:07:00") == "2026-11-23T09:00:00");  // live polls go on meanwhile
  CHECK(leave_out("2026-11-23T10:22:00") == "2026-11-20T10:00:00");
  CHECK(leave_out("2026-11-23T10:38:00") == "2026-11-20T10:00:00");
  CHECK(leave_out("2026-11-23T10:54:00") == "2026-11-23T09:00:00");  // the API has it no longer
}

TEST_CASE("what could not be believed is owed for as long as it cannot, and live polls go on meanwhile") {
  poller p(group_of());
  for (const auto* now : {"2026-11-23T10:06:00", "2026-11-23T10:22:00", "2026-11-23T10:38:00", "2026-11-23T10:54:00",
                          "2026-11-23T11:10:00"}) {
    const auto plan = plan_group(p.group, p.state, p.context(now), turn::live);
    CHECK(format(plan->window.start) == "2026-11-20T10:00:00");
    conclude(p.group, p.state, *plan, {{0, unanswered::doubted}}, what_was_taken::something);
    CHECK(p.state.re_reads.keep_from(0, {}) == at("2026-11-20T10:00:00"));  // it stays in the ledger
  }
  CHECK(p.poll("2026-11-23T11:11:00") == "2026-11-23T09:00:00");
  CHECK(p.poll("2026-11-23T11:26:00") == "2026-11-20T10:00:00");
  CHECK(p.poll("2026-11-23T11:31:00") == "2026-11-23T10:25:00");
}

TEST_CASE("W7: one good answer pays for what was left out before") {
  poller p(group_of());
  const auto first = plan_group(p.group, p.state, p.context("2026-11-23T10:06:00"), turn::live);
  conclude(p.group, p.state, *first, {{0, unanswered::left_out}}, what_was_taken::something);
  CHECK(p.state.re_reads.keep_from(0, {}) == at("2026-11-20T10:00:00"));  // it stays in the ledger
  CHECK(p.poll("2026-11-23T10:22:00") == "2026-11-20T10:00:00");
  CHECK(p.poll("2026-11-23T10:38:00") == "2026-11-23T09:20:00");
}

TEST_CASE("W7: an old window that comes back empty although something was published there is asked for again") {
  poller p(group_of(std::chrono::hours(24)));
  p.state.ledgers[0].put(p.state.ledgers[0].add({}), at("2026-11-20T10:05:00"), {1, 0});
  const auto plan = plan_group(p.group, p.state, p.context("2026-11-23T10:06:00"), turn::live);
  REQUIRE(plan->old_only);
  CHECK(conclude_empty(p.group, p.state, *plan).value());
  CHECK(p.poll("2026-11-23T10:07:00") == "2026-11-23T09:00:00");
  CHECK(p.poll("2026-11-23T10:22:00") == "2026-11-20T10:00:00 to 2026-11-21T10:00:00");
}

TEST_CASE(
    "a hole in what is read again holds up nothing: where nothing was published, an empty answer leaves nothing out") {
  poller p(group_of(std::chrono::hours(1)));
  p.state.ledgers[0].put(p.state.ledgers[0].add({}), at("2026-11-20T11:05:00"), {1, 0});
  const auto plan = plan_group(p.group, p.state, p.context("2026-11-23T10:06:00"), turn::live);
  REQUIRE(plan->old_only);
  CHECK(conclude_empty(p.group, p.state, *plan).value());
  CHECK(p.poll("2026-11-23T10:06:00") == "2026-11-20T11:00:00 to 2026-11-20T12:00:00");
}

TEST_CASE("closed buckets are read again by the bucket, also when there is no new one") {
  stream_spec stream;
  stream.name = "s";
  stream.metrics = {"power"};
  stream.topic = "t";
  stream.interval = interval_size::h1;
  poller p(make_groups({stream}).front());
  p.state.members[0].ledger_from = at("2026-11-16T10:00:00");
  // With each new one also the open one, whose data show that the new one is whole.
  CHECK(p.poll("2026-11-23T11:31:00") == "2026-11-16T10:00:00 to 2026-11-23T12:00:00");
  p.state.members[0].position = at("2026-11-23T11:00:00");
  CHECK(p.poll("2026-11-23T11:36:00") == "nothing");
  CHECK(p.poll("2026-11-23T12:31:00") == "2026-11-23T08:00:00 to 2026-11-23T13:00:00");
  p.state.members[0].position = at("2026-11-24T06:00:00");
  CHECK(p.poll("2026-11-24T06:31:00") == "2026-11-17T06:00:00 to 2026-11-24T06:00:00");
}

namespace {

// All that is owed is answered: only what comes round from now on is asked for.
void read_again(poller& p, std::string_view now) {
  p.state.re_reads.fall_due(0, p.state.members[0], at(now), each_poll::left_out);
  p.state.re_reads.answered(0, {at("2020-01-01T00:00:00"), at(now)}, at(now));
}

// Where a stream of this size begins to read at `now`, standing at `position`.
std::string window_of(interval_size size, std::string_view position, std::string_view now, bool after_a_re_read) {
  stream_spec stream;
  stream.name = "s";
  stream.metrics = {"power"};
  stream.topic = "t";
  stream.interval = size;
  poller p(make_groups({stream}).front());
  p.state.members[0].position = at(position);
  p.state.members[0].ledger_from = bucket_floor(at(position) - horizon_of(p.group.re_reads), size);
  if (after_a_re_read) read_again(p, now);
  const auto plan = plan_group(p.group, p.state, p.context(now), turn::live);
  return plan ? format(plan->window.start).substr(0, 13) + " to " + format(*plan->window.end).substr(0, 13) : "nothing";
}

}  // namespace

TEST_CASE("days: the last three with each new one, seven once a day") {
  CHECK(window_of(interval_size::d1, "2026-11-22T00:00:00", "2026-11-23T00:31:00", true) ==
        "2026-11-19T00 to 2026-11-24T00");
  CHECK(window_of(interval_size::d1, "2026-11-23T00:00:00", "2026-11-23T05:59:00", true) == "nothing");
  CHECK(window_of(interval_size::d1, "2026-11-23T00:00:00", "2026-11-23T06:01:00", false) ==
        "2026-11-16T00 to 2026-11-23T00");
}

TEST_CASE("a month and longer: published when it is over, the one before read again with it or after three days") {
  CHECK(window_of(interval_size::mo1, "2026-10-01T00:00:00", "2026-10-31T23:59:00", true) == "nothing");
  CHECK(window_of(interval_size::mo1, "2026-10-01T00:00:00", "2026-11-01T00:31:00", true) ==
        "2026-10-01T00 to 2026-12-01T00");
  for (const auto* position : {"2026-01-01T00:00:00", "2026-03-01T00:00:00", "2026-05-01T00:00:00"}) {
    const auto month = at(position);
    CHECK(window_of(interval_size::mo1, position, format(month + std::chrono::hours(24 * 15)), false) ==
          format(bucket_add(month, interval_size::mo1, -1)).substr(0, 13) + " to " + format(month).substr(0, 13));
  }
  CHECK(window_of(interval_size::mo3, "2026-04-01T00:00:00", "2026-05-01T00:00:00", false) ==
        "2026-01-01T00 to 2026-04-01T00");
  CHECK(window_of(interval_size::season, "2026-04-01T00:00:00", "2026-07-01T00:00:00", false) ==
        "2026-01-01T00 to 2026-04-01T00");
  CHECK(window_of(interval_size::y1, "2025-01-01T00:00:00", "2025-03-01T00:00:00", false) ==
        "2024-01-01T00 to 2025-01-01T00");
}

TEST_CASE("three days after a month was read it is read again, and a week likewise") {
  stream_spec stream;
  stream.name = "s";
  stream.metrics = {"power"};
  stream.topic = "t";
  stream.interval = interval_size::mo1;
  poller p(make_groups({stream}).front());
  auto& member = p.state.members[0];
  member.ledger_from = at("2026-10-01T00:00:00");
  member.position = at("2026-11-01T00:00:00");
  CHECK(p.poll("2026-11-01T01:00:00") == "2026-10-01T00:00:00 to 2026-11-01T00:00:00");
  CHECK(p.poll("2026-11-03T23:59:00") == "nothing");
  CHECK(p.poll("2026-11-04T01:00:00") == "2026-10-01T00:00:00 to 2026-11-01T00:00:00");

  stream.interval = interval_size::d7;
  poller week(make_groups({stream}).front());
  week.state.members[0].ledger_from = at("2026-11-01T00:00:00");
  week.state.members[0].position = at("2026-11-22T00:00:00");
  CHECK(week.poll("2026-11-22T01:00:00") == "2026-11-01T00:00:00 to 2026-11-22T00:00:00");
  CHECK(week.poll("2026-11-24T23:59:00") == "nothing");
  CHECK(week.poll("2026-11-25T01:00:00") == "2026-11-01T00:00:00 to 2026-11-22T00:00:00");
}
