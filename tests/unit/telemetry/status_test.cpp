#include <doctest/doctest.h>

#include "telemetry/health.hpp"
#include "telemetry/http_routes.hpp"
#include "telemetry/human_text.hpp"
#include "telemetry/status_board.hpp"
#include "telemetry/status_json.hpp"
#include "telemetry/status_page.hpp"

using namespace oes;

namespace {

daemon_status leading_with_one_member() {
  daemon_status status;
  status.version = "0.1.0";
  status.deployment = "openelectricity";
  status.role = "leading";
  status.now = *parse_utc("2026-11-23T00:09:14Z");
  status.started_at = *parse_utc("2026-11-22T23:09:14Z");
  member_status member;
  member.stream = "nem";
  member.network = "NEM";
  member.metric = "power";
  member.interval = "5m";
  member.topic = "openelectricity.network.5m.v1";
  member.state = stream_state::catching_up;
  member.newest = "2026-11-23T10:05:00+10:00";
  member.newest_at = parse_utc("2026-11-23T00:05:00Z");
  member.records = 1305;
  status.members[{"nem", "power"}] = member;
  return status;
}

bool has_part(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

http_answer ask(std::string_view method, std::string_view target, const daemon_status& status,
                std::string_view host = "localhost:9464") {
  const metrics numbers("openelectricity");
  const own_hosts hosts({}, "box");
  return answer_http({method, target, host}, hosts, numbers, [&]() -> const daemon_status& { return status; });
}

}  // namespace

TEST_CASE("the status as JSON keeps its field names") {
  CHECK(
      to_json(leading_with_one_member()) ==
      R"({"version":"0.1.0","deployment":"openelectricity","instance":"","role":"leading","leader":"","ready":true,)"
      R"("not_ready_because":"","health":{"level":"ok","reasons":[]},)"
      R"("started_at":"2026-11-22T23:09:14.000Z","now":"2026-11-23T00:09:14.000Z",)"
      R"("sequence":0,"transactions":0,"records":0,"plan":"","requests":0,"credits_used_today":0,)"
      R"("credits_per_day":null,"credits_left":null,"credits_resume_at":null,"stretch":1.0,)"
      R"("clock_skew_seconds":null,"clock":"unknown","api_url":"","kafka_servers":"","streams":[{"stream":"nem","network":"NEM",)"
      R"("metric":"power","interval":"5m","topic":"openelectricity.network.5m.v1","state":"catching_up",)"
      R"("last_error":"","newest":"2026-11-23T10:05:00+10:00","newest_at":"2026-11-23T00:05:00.000Z",)"
      R"("lag_seconds":254,"goes_on":null,"records":1305,"nulls":0,"open_gaps":0,"given_up_gaps":0,"last_commit":null,"polled_every_seconds":null,)"
      R"("expected_lag_seconds":null,"points_skipped":{},"group":"","dataset":"","revised":0,"unchanged":0,)"
      R"("trigger_seconds":null,"late_after_seconds":null,"last_success":null}],)"
      R"("kafka":{"brokers":0,"brokers_up":0,"queued_records":0,"queued_bytes":0,"round_trip_seconds":0.0,)"
      R"("told_at":null,"last_commit":null,"producers_replaced":{}},)"
      R"("api_outage":null,"backfill":null,"config":{"file":"","reloaded_at":null,"refused":false,"outcome":"",)"
      R"("differs":"","taken":0,"refusals":0,"taken_at":null},"events":[],"recent":[]})");
}

TEST_CASE("before the first interval there is no lag") {
  auto status = leading_with_one_member();
  status.members.begin()->second.newest_at.reset();
  CHECK(has_part(to_json(status), R"("lag_seconds":null)"));
}

TEST_CASE("the page shows each series with its state in words") {
  const auto page = status_page(leading_with_one_member());
  CHECK(has_part(page, "Leading, ready"));
  CHECK(has_part(page, "Catching up"));
  CHECK(has_part(page, ">10:05<small>2026-11-23 +10:00</small>"));
  CHECK(has_part(page, "<b>4 min</b>"));
  CHECK(has_part(page, "<b>1,305</b>"));
}

TEST_CASE("an API's error text cannot put markup into the page") {
  auto status = leading_with_one_member();
  const std::string attack = "\"><script>alert(1)</script>";
  note_event(status, daemon_event::kind::note, attack, status.now);
  status.leader = status.config.differs = attack;
  note_reload(status, reload_end::refused, attack, status.now);
  status.deployment = status.instance = status.role = status.plan = attack;
  status.troubles[attack] = {health_level::failing, attack, {}, attack};
  status.version = status.api_url = status.kafka_servers = attack;
  auto& member = status.members.begin()->second;
  member.stream = member.metric = member.network = member.interval = member.topic = member.last_error = attack;
  member.newest = attack;
  status.recent.push_back(attack);
  CHECK_FALSE(has_part(status_page(status), "<script>alert"));
  CHECK_FALSE(has_part(status_page(status), "\"\">"));
}

TEST_CASE("the page needs nothing from elsewhere") {
  const auto page = status_page(leading_with_one_member());
  CHECK_FALSE(has_part(page, "http://"));
  CHECK_FALSE(has_part(page, "https://"));
  CHECK_FALSE(has_part(page, "url("));
}

TEST_CASE("E7: readiness, status and page tell one judgement in the same words") {
  auto status = leading_with_one_member();
  CHECK(ask("GET", "/readyz", status).status == 200);
  note_trouble(status, "kafka", {health_level::failing, "Kafka: k:9092: Connection refused", {}, "tried again"},
               status.started_at);
  const std::string line = "Kafka: k:9092: Connection refused; since 2026-11-22T23:09:14Z; tried again";
  const auto answer = ask("GET", "/readyz?verbose", status);
  CHECK(answer.status == 503);
  CHECK(answer.body == "not ready: " + line + "\n");
  CHECK(line_of(judge_health(status)) == "failing: " + line);
  CHECK(has_part(to_json(status), R"("ready":false,"not_ready_because":")" + line));
  CHECK(has_part(status_page(status), "No data flows."));
  CHECK(has_part(status_page(status),
                 "<b>Kafka: k:9092: Connection refused</b><span>Tried again.</span>"
                 "<small>since 2026-11-22T23:09:14Z</small>"));
  CHECK(has_part(status_page(status), "Leading, not ready"));
  for (const auto* alive : {"/livez", "/healthz"}) CHECK(ask("GET", alive, status).status == 200);
}

TEST_CASE("E2: degraded is ready and says why; who asks strictly is told no") {
  auto status = leading_with_one_member();
  status.members[{"other", "power"}].state = stream_state::live;
  auto& member = status.members[{"nem", "power"}];
  member.state = stream_state::set_apart;
  member.last_error = "topic t refuses records: Broker: Message size too large";
  const auto usual = ask("GET", "/readyz", status);
  CHECK(usual.status == 200);
  CHECK(has_part(usual.body, "ready, degraded: stream nem: Set apart: topic t refuses records"));
  for (const auto* target : {"/readyz?strict", "/readyz?a=b&strict", "/readyz?strict=1"}) {
    CHECK(ask("GET", target, status).status == 503);
    CHECK(ask("GET", target, status).body == usual.body);
  }
  CHECK(ask("GET", "/readyz?strictly", status).status == 200);
}

TEST_CASE("other paths and methods are refused") {
  const auto status = leading_with_one_member();
  CHECK(ask("GET", "/../etc/passwd", status).status == 404);
  CHECK(ask("POST", "/", status).status == 405);
  CHECK(ask("HEAD", "/", status).status == 200);
}

TEST_CASE("numbers and times read as a person writes them") {
  CHECK(grouped(0) == "0");
  CHECK(grouped(999) == "999");
  CHECK(grouped(1234567) == "1,234,567");
  CHECK(grouped(-123456) == "-123,456");
  CHECK(duration_words(-3) == "0 s");
  CHECK(duration_words(254) == "4 min");
  CHECK(duration_words(4320) == "1 h 12 min");
  CHECK(duration_words(3 * 86400 + 4 * 3600) == "3 d 4 h");
  CHECK(duration_words(86400) == "1 d");
  CHECK(split_label("2026-11").time == "2026-11");
}

TEST_CASE("a backfill that runs beside the streams is told with how far it is and what it waits for") {
  auto status = leading_with_one_member();
  status.backfill =
      backfill_status{"nem", "2026-01-01", "2026-03-01", 2, 8, 1305, 3, "a \"reason\"", "2026-11-24T00:00:00Z"};
  CHECK(to_json(status).find(
            R"("backfill":{"stream":"nem","from":"2026-01-01","to":"2026-03-01","chunks_done":2,"chunks":8,)"
            R"("records":1305,"requests":3,"waits_for":"a \"reason\"","until":"2026-11-24T00:00:00Z"})") !=
        std::string::npos);
  CHECK(has_part(status_page(status), "2 of 8 chunks, 1,305 records from 3 requests"));
  CHECK(has_part(status_page(status), "waits until 2026-11-24T00:00:00Z: a &quot;reason&quot;"));
}

TEST_CASE("gaps that are given up are told beside the open ones") {
  auto status = leading_with_one_member();
  status.members.begin()->second.open_gaps = 4;
  status.members.begin()->second.given_up_gaps = 3;
  CHECK(has_part(status_page(status), ">4<small>3 given up</small></td>"));
}

TEST_CASE("E6: spent credits are said in words: how many, and when polls go on") {
  auto status = leading_with_one_member();
  status.credits_used_today = 450;
  status.credits_per_day = 450;
  status.credits_left = 0;
  status.credits_resume_at = parse_utc("2026-11-24T00:00:00Z");
  status.stretch = 72;
  const auto page = status_page(status);
  CHECK(page.find("spent: polls go on at 2026-11-24T00:00:00Z") != std::string::npos);
  CHECK(page.find("further apart") == std::string::npos);
  CHECK(to_json(status).find(R"("credits_resume_at":"2026-11-24T00:00:00.000Z")") != std::string::npos);
}

TEST_CASE("C3: a clock that is off is on the page and in the JSON") {
  auto status = leading_with_one_member();
  CHECK(status_page(status).find("This host's clock") == std::string::npos);
  status.clock = "followed";
  status.clock_skew_seconds = 10800.5;
  CHECK(status_page(status).find(" slow") != std::string::npos);
  CHECK(to_json(status).find(R"("clock_skew_seconds":10800.5,"clock":"followed")") != std::string::npos);
  status.clock_skew_seconds = -90.0;
  CHECK(status_page(status).find("fast") != std::string::npos);
}

TEST_CASE("E5: an outage of the API is in the JSON: why, since when, and when it is asked next") {
  auto status = leading_with_one_member();
  status.api_outage = api_outage_status{"GET: 503 Maintenance Mode", *parse_utc("2026-11-23T00:00:00Z"),
                                        *parse_utc("2026-11-23T00:09:30Z"), 12};
  CHECK(to_json(status).find(R"("api_outage":{"why":"GET: 503 Maintenance Mode","since":"2026-11-23T00:00:00.000Z",)"
                             R"("next_probe":"2026-11-23T00:09:30.000Z","failures":12})") != std::string::npos);
}

TEST_CASE("G6: pages are for those who ask by the daemon's own name, probes and metrics for all") {
  const auto status = leading_with_one_member();
  for (const auto* page : {"/", "/status.json", "/?x=1", "/status.json?x"}) {
    CHECK(ask("GET", page, status).status == 200);
    CHECK(ask("GET", page, status, "evil.example").status == 421);
    CHECK(ask("HEAD", page, status, "evil.example:9464").status == 421);
    CHECK_FALSE(has_part(ask("GET", page, status, "evil.example").body, "nem"));
  }
  for (const auto* open : {"/livez", "/healthz", "/readyz", "/metrics"}) {
    CHECK(ask("GET", open, status, "evil.example").status == 200);
  }
}
