#include "telemetry/health.hpp"

#include <doctest/doctest.h>

#include "support/times.hpp"

using namespace oes;
using namespace oes::test;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

const auto now = utc("2026-11-23T10:00:00Z");

daemon_status leading(const std::vector<std::string>& streams) {
  daemon_status board;
  board.role = "leading";
  board.now = now;
  board.started_at = now - hours(5);
  for (const auto& stream : streams) {
    auto& member = board.members[{stream, "power"}];
    member.stream = stream;
    member.metric = "power";
    member.state = stream_state::live;
    member.newest_at = now - minutes(15);
    member.expected_lag = minutes(20);
    member.late_after = minutes(50);
    member.rowless_after = minutes(50);
    member.last_success = now - minutes(3);
  }
  return board;
}

member_status& member(daemon_status& board, const std::string& stream) { return board.members.at({stream, "power"}); }

void ails(daemon_status& board, const std::string& stream, stream_state state, const std::string& why) {
  auto& one = member(board, stream);
  one.state = state;
  one.last_error = why;
  one.trouble_since = now - minutes(5);
}

}  // namespace

TEST_CASE("a leader whose streams are live is well, and so is a standby") {
  CHECK(line_of(judge_health(leading({"a", "b"}))) == "ok");
  daemon_status standby;
  standby.role = "standby";
  CHECK(judge_health(standby).level == health_level::ok);
}

TEST_CASE("starting and stopping are not ready") {
  daemon_status board;
  CHECK(judge_health(board).level == health_level::failing);
  CHECK(judge_health(board).reasons.front().what == "starting");
  board.role = "stopping";
  CHECK(judge_health(board).reasons.front().what == "stopping");
}

TEST_CASE("E3: a standby that waits though nobody can lead is not ready and says the cause") {
  daemon_status board;
  board.role = "standby";
  note_trouble(board, "kafka", {health_level::failing, "Kafka: no right to read the progress topic p", {}, ""}, now);
  const auto judged = judge_health(board);
  CHECK(judged.level == health_level::failing);
  CHECK(judged.reasons.front().what == "Kafka: no right to read the progress topic p");
}

TEST_CASE("E7: why it cannot start is told in the place of `starting`") {
  daemon_status board;
  note_trouble(board, "kafka", {health_level::failing, "Kafka: k:9092: Connection refused", {}, ""}, now);
  const auto judged = judge_health(board);
  REQUIRE(judged.reasons.size() == 1);
  CHECK(judged.reasons.front().subject == "kafka");
}

TEST_CASE("E2: one stream of many that Kafka refuses degrades, all of them fail") {
  auto board = leading({"a", "b"});
  ails(board, "a", stream_state::set_apart, "topic t refuses records: Broker: Topic authorization failed");
  member(board, "a").apart = apart_for::topic_refused;
  member(board, "a").goes_on = now + minutes(2);
  auto judged = judge_health(board);
  CHECK(judged.level == health_level::degraded);
  CHECK(line_of(judged) ==
        "degraded: stream a: Set apart: topic t refuses records: Broker: Topic authorization failed; since "
        "2026-11-23T09:55:00Z; give this user the right Write on the topic (docs/operations.md, Kafka); tried again at "
        "2026-11-23T10:02:00Z");
  ails(board, "b", stream_state::set_apart, "topic u refuses records: Broker: Topic authorization failed");
  CHECK(judge_health(board).level == health_level::failing);
}

TEST_CASE("E6: spent credits degrade, whatever the number of streams, and say what is left and when it goes on") {
  auto board = leading({"a", "b"});
  board.credits_per_day = 450;
  board.credits_used_today = 450;
  board.credits_left = 0;
  for (const auto* stream : {"a", "b"}) {
    ails(board, stream, stream_state::limit_reached, "the day's share of credits is spent");
    member(board, stream).goes_on = utc("2026-11-24T00:00:00Z");
  }
  const auto judged = judge_health(board);
  CHECK(judged.level == health_level::degraded);
  REQUIRE(judged.reasons.size() == 1);
  CHECK(judged.reasons.front().what ==
        "all streams: Limit reached: the day's share of credits is spent (0 of 450 credits left today)");
  CHECK(judged.reasons.front().then ==
        "nothing is lost; more credits: a larger budget.share, or another plan of the key; goes on at "
        "2026-11-24T00:00:00Z");
}

TEST_CASE("a key that has worked and is refused for longer than a credit day is no spent credit") {
  auto board = leading({"a", "b"});
  for (const auto* stream : {"a", "b"}) {
    ails(board, stream, stream_state::limit_reached, "401 Authentication failed");
    member(board, stream).trouble_since = now - hours(24);
  }
  CHECK(judge_health(board).level == health_level::degraded);
  CHECK(judge_health(board).reasons.front().kind == "credits");
  for (const auto* stream : {"a", "b"}) member(board, stream).trouble_since = now - hours(26);
  const auto judged = judge_health(board);
  CHECK(judged.level == health_level::failing);
  REQUIRE(judged.reasons.size() == 1);
  CHECK(judged.reasons.front().kind == "api_key");
  CHECK(judged.reasons.front().what.find("refused for longer than a credit day") != std::string::npos);
}

TEST_CASE("a registry that is away is a reason of its own kind") {
  auto board = leading({"a"});
  note_trouble(board, "schema registry", {health_level::degraded, "no answer", {}, ""}, now);
  CHECK(judge_health(board).reasons.front().kind == "registry");
}

TEST_CASE("E6: a lag is judged against the lag to be expected") {
  auto board = leading({"a"});
  member(board, "a").newest_at = now - hours(3);
  auto judged = judge_health(board);
  CHECK(judged.level == health_level::degraded);
  CHECK(judged.reasons.front().what == "stream a: power is 3 h behind, more than 50 min is unusual");
  SUBCASE("polls that come further apart make it longer") {
    member(board, "a").late_after = hours(4);
    CHECK(judge_health(board).level == health_level::ok);
  }
  SUBCASE("a stream that catches up is behind by its nature") {
    member(board, "a").state = stream_state::catching_up;
    CHECK(judge_health(board).level == health_level::ok);
  }
}

TEST_CASE("a stream that never had a row is told of once that is no lateness any more, and what to look at") {
  auto board = leading({"a", "b"});
  auto& rowless = member(board, "b");
  rowless.state = stream_state::waiting;
  rowless.newest_at.reset();
  rowless.rowless_since = now - minutes(50);
  rowless.goes_on = now + minutes(30);
  CHECK(judge_health(board).level == health_level::ok);
  rowless.rowless_since = now - minutes(51);
  const auto judged = judge_health(board);
  CHECK(
      line_of(judged) ==
      "degraded: stream b: the API has had no row for it yet; since 2026-11-23T09:09:00Z; look at its network_region, "
      "fueltech, facility_code and start: of what does not exist there are no rows; asked again at "
      "2026-11-23T10:30:00Z");
  REQUIRE_FALSE(judged.reasons.empty());
  CHECK(judged.reasons.front().kind == "late");
  SUBCASE("where nothing is known of how late it may be, after half a day") {
    rowless.rowless_after.reset();
    CHECK(judge_health(board).level == health_level::ok);
    rowless.rowless_since = now - hours(13);
    CHECK(judge_health(board).level == health_level::degraded);
  }
  SUBCASE("asked for together with metrics that have rows, it is named, and told once a stream") {
    for (const auto* metric : {"energy", "emissions"}) {
      auto& one = board.members[{"a", metric}] = rowless;
      one.stream = "a";
      one.metric = metric;
      one.state = stream_state::live;
    }
    board.members.erase({"b", "power"});
    const auto told = judge_health(board);
    REQUIRE(told.reasons.size() == 1);
    CHECK(told.reasons.front().what == "stream a: the API has had no row of emissions, energy yet");
  }
  SUBCASE("it is still looked for in the past") {
    rowless.state = stream_state::catching_up;
    CHECK(judge_health(board).level == health_level::ok);
  }
  SUBCASE("all of the streams together are no more than degraded: the API answers") {
    board.members.erase({"a", "power"});
    CHECK(judge_health(board).level == health_level::degraded);
  }
}

TEST_CASE("E6: a stream that is late while Kafka fails waits for Kafka, not for the API") {
  auto board = leading({"a"});
  member(board, "a").newest_at = now - hours(3);
  CHECK(line_of(judge_health(board)).find("the API has nothing newer") != std::string::npos);
  note_trouble(board, "kafka", {health_level::failing, "no answer", {}, ""}, now);
  const auto told = line_of(judge_health(board));
  CHECK(told.find("power is 3 h behind") != std::string::npos);
  CHECK(told.find("the API has nothing newer") == std::string::npos);
}

TEST_CASE("a cycle that fails once is nothing to report, one that goes on failing is") {
  auto board = leading({"a", "b"});
  ails(board, "a", stream_state::retrying, "GET: 503");
  member(board, "a").trouble_since = now - seconds(30);
  CHECK(judge_health(board).level == health_level::ok);
  member(board, "a").trouble_since = now - minutes(2);
  CHECK(judge_health(board).level == health_level::degraded);
  ails(board, "b", stream_state::retrying, "GET: 503");
  CHECK(judge_health(board).level == health_level::failing);
  CHECK(judge_health(board).reasons.size() == 1);
}

TEST_CASE("an API that is away is told once for all streams, after two minutes") {
  auto board = leading({"a", "b", "c"});
  ails(board, "a", stream_state::retrying, "GET: 503 Maintenance Mode");
  ails(board, "b", stream_state::retrying, "GET: 503 Maintenance Mode");
  board.api_outage = api_outage_status{"GET: 503 Maintenance Mode", now - minutes(5), now + minutes(1), 4};
  board.api_answered = now - minutes(10);
  const auto judged = judge_health(board);
  CHECK(line_of(judged) ==
        "failing: the API is away: GET: 503 Maintenance Mode; since 2026-11-23T09:55:00Z; nothing to do here, and "
        "nothing is lost; asked again at 2026-11-23T10:01:00Z");
  board.api_outage->since = now - seconds(30);
  for (const auto* stream : {"a", "b"}) member(board, stream).trouble_since = now - seconds(30);
  CHECK(judge_health(board).level == health_level::ok);
}

TEST_CASE("an API that has not answered since the start is told soon, and how to mend that") {
  auto board = leading({"a"});
  ails(board, "a", stream_state::retrying, "resolve api.test: Host not found");
  board.api_outage = api_outage_status{"resolve api.test: Host not found", now - seconds(14), now + minutes(1), 1};
  member(board, "a").trouble_since = now - seconds(14);
  CHECK(judge_health(board).level == health_level::ok);
  board.api_outage->since = now - seconds(15);
  const auto judged = judge_health(board);
  CHECK(judged.level == health_level::failing);
  REQUIRE(judged.reasons.size() == 1);
  CHECK(judged.reasons.front().then ==
        "correct api.base_url, or mend the name service (DNS); asked again at 2026-11-23T10:01:00Z");
}

TEST_CASE("as long as nothing could be read since the start, a failure counts after seconds, and for all that wait") {
  auto board = leading({"a", "b"});
  for (auto& [key, one] : board.members) {
    one.last_success.reset();
    one.state = stream_state::starting;
  }
  const std::string page = "GET /v4/data: 200 with an HTML page instead of JSON";
  ails(board, "a", stream_state::retrying, page);
  member(board, "a").trouble_since = now - seconds(14);
  CHECK(judge_health(board).level == health_level::ok);
  member(board, "a").trouble_since = now - seconds(15);
  const auto judged = judge_health(board);
  CHECK(judged.level == health_level::failing);
  REQUIRE(judged.reasons.size() == 1);
  CHECK(judged.reasons.front().what == "stream a: Retrying: " + page);
  SUBCASE("once one was read, the others have the usual time") {
    member(board, "b").last_success = now;
    CHECK(judge_health(board).level == health_level::ok);
  }
}

TEST_CASE("an answer that is not the API's says what to look at") {
  auto board = leading({"a", "b"});
  ails(board, "a", stream_state::retrying, "GET /v4/data: 200 with an HTML page instead of JSON");
  CHECK(judge_health(board).reasons.front().then ==
        "look at what answers in the API's place: a proxy, or api.base_url");
  ails(board, "a", stream_state::stopped_by_api, "GET /v3/data: 404 Not Found");
  CHECK(judge_health(board).reasons.front().then == "correct the stream's configuration; it is tried again every hour");
  board.account_not_found = true;
  CHECK(judge_health(board).reasons.front().then ==
        "correct api.base_url: nothing of the API is there; it is tried again every hour");
  ails(board, "a", stream_state::stopped_by_api,
       "most of the answer cannot be true, in 5 of 5 series: 65 unasked of price; the API's contract has changed, or a "
       "clock is wrong");
  CHECK(judge_health(board).reasons.front().then ==
        "look at this host's clock, and for a newer release; it is tried again every hour");
  ails(board, "a", stream_state::identity_changed, "stream 'b' is what stream 'a' was: `progress rename` goes on");
  CHECK(judge_health(board).reasons.front().then.empty());
  ails(board, "a", stream_state::stopped_by_api, "GET /v4/data: 400 Bad Request");
  CHECK(judge_health(board).reasons.front().then == "correct the stream's configuration; it is tried again every hour");
}

TEST_CASE("a stream that ended the process is not told to mend its topic") {
  auto board = leading({"a", "b"});
  ails(board, "a", stream_state::set_apart, "the process ended twice at window …");
  member(board, "a").apart = apart_for::ended_process;
  member(board, "a").goes_on = now + minutes(5);
  CHECK(judge_health(board).reasons.front().then == "goes on at 2026-11-23T10:05:00Z");
}

TEST_CASE("C3: a clock that is followed degrades, one that is not is failing, standby or not") {
  auto board = leading({"a"});
  note_trouble(board, "clock", {health_level::degraded, "this host's clock is 3 h slow", {}, ""}, now);
  CHECK(judge_health(board).level == health_level::degraded);
  board.role = "standby";
  note_trouble(board, "clock", {health_level::failing, "clock: too far apart", {}, ""}, now);
  CHECK(judge_health(board).level == health_level::failing);
}

TEST_CASE("a key that is refused is everybody's") {
  auto board = leading({"a", "b"});
  ails(board, "a", stream_state::bad_key, "GET: 401");
  CHECK(judge_health(board).level == health_level::failing);
  CHECK(judge_health(board).reasons.front().what == "API key not accepted: GET: 401");
}

TEST_CASE("the worst reason comes first, and the log hears of changes only") {
  auto board = leading({"a", "b"});
  ails(board, "a", stream_state::stopped_by_api, "GET: 400");
  const auto before = judge_health(board);
  member(board, "a").trouble_since = now - hours(1);
  CHECK(same_judgement(before, judge_health(board)));
  note_trouble(board, "kafka", {health_level::failing, "Kafka: away", {}, ""}, now);
  const auto after = judge_health(board);
  CHECK(after.reasons.front().subject == "kafka");
  CHECK_FALSE(same_judgement(before, after));
}

TEST_CASE("a trouble that is noted again goes back to its beginning") {
  daemon_status board;
  note_trouble(board, "kafka", {health_level::failing, "one", {}, ""}, now);
  note_trouble(board, "kafka", {health_level::failing, "two", {}, ""}, now + hours(1));
  CHECK(board.troubles.at("kafka").since == now);
  CHECK(board.troubles.at("kafka").what == "two");
  clear_trouble(board, "kafka");
  CHECK(board.troubles.empty());
}
