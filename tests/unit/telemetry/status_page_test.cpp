#include "telemetry/status_page.hpp"

#include <doctest/doctest.h>

#include "telemetry/content_hash.hpp"
#include "telemetry/page_memory.hpp"
#include "telemetry/page_parts.hpp"

using namespace oes;
using namespace std::chrono_literals;

namespace {

bool holds(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

daemon_status leading_one() {
  daemon_status status;
  status.role = "leading";
  status.now = *parse_utc("2026-11-23T10:00:00Z");
  status.started_at = status.now - 2h;
  auto& one = status.members[{"nem", "power"}];
  one.stream = one.group = "nem";
  one.metric = "power";
  one.dataset = "network";
  one.network = "NEM";
  one.interval = "5m";
  one.state = stream_state::live;
  one.newest = "2026-11-23T19:55:00+10:00";
  one.newest_at = status.now - 5min;
  one.expected_lag = 10min;
  one.late_after = 40min;
  one.goes_on = status.now + 90s;
  one.trigger = one.polled_every = 5min;
  one.last_success = status.now - 2min;
  return status;
}

}  // namespace

TEST_CASE("the first sentence says whether data flows") {
  auto status = leading_one();
  CHECK(health_sentence(status) == "Data flows: the stream is at the newest data.");
  status.members[{"nem", "power"}].state = stream_state::catching_up;
  CHECK(health_sentence(status) == "Data flows: 1 stream of 1 catching up with older data.");
  note_trouble(status, "progress.json", {health_level::degraded, "disk full", {}, ""}, status.now);
  CHECK(health_sentence(status) == "Data flows, but something needs attention.");
  note_trouble(status, "kafka", {health_level::failing, "Kafka: refused", {}, ""}, status.now);
  CHECK(health_sentence(status) == "No data flows.");
  status.troubles.clear();
  auto& one = status.members[{"nem", "power"}];
  one.state = stream_state::live;
  one.newest_at = status.now - 50min;
  CHECK(health_sentence(status) == "Data flows, but some of it is late.");
  one.state = stream_state::limit_reached;
  one.last_error = "spent";
  CHECK(health_sentence(status) == "Data waits: the day's credits are spent.");
  status.role = "standby";
  status.leader.clear();
  CHECK(health_sentence(status) == "Not leading: Kafka is asked for leadership.");
  status.leader = "a-1";
  CHECK(health_sentence(status) == "Standing by: another instance leads; this one takes over when it ends.");
  status.role = "starting";
  CHECK(health_sentence(status) == "Starting.");
}

TEST_CASE("of a stream without data it is not said that it is at the newest data") {
  auto status = leading_one();
  auto& rowless = status.members[{"nuclear", "power"}] = status.members[{"nem", "power"}];
  rowless.stream = "nuclear";
  rowless.state = stream_state::waiting;
  rowless.newest.reset();
  rowless.newest_at.reset();
  rowless.rowless_since = status.now - 10min;
  CHECK(health_sentence(status) == "Data flows: 1 stream of 2 without data yet.");
  rowless.rowless_since = status.now - 13h;
  CHECK(health_sentence(status) == "Data flows, but 1 stream of 2 has had no data yet.");
  auto& other = status.members[{"nem", "power"}];
  other.newest_at = status.now - 50min;
  CHECK(health_sentence(status) == "Data flows, but some of it is late.");
  status.members.erase({"nem", "power"});
  CHECK(health_sentence(status) == "No data has come yet: the API has had none for the stream.");
  status.members[{"nuclear", "power"}].rowless_since = status.now - 10min;
  CHECK(health_sentence(status) == "No data has come yet: the API has had none for the stream.");
  auto& list = status.members[{"facilities", "units"}];  // it has no intervals
  list.stream = "facilities";
  list.dataset = "facilities";
  list.state = stream_state::live;
  list.last_success = status.now;
  CHECK(health_sentence(status) == "Data flows: 1 stream of 2 without data yet.");
}

TEST_CASE("before anything was read the sentence is that of a start") {
  auto status = leading_one();
  auto& other = status.members[{"wem", "power"}] = status.members[{"nem", "power"}];
  other.stream = "wem";
  for (auto& [key, one] : status.members) {
    one.last_success.reset();
    one.state = stream_state::retrying;
    one.last_error = "GET: 200 with an HTML page instead of JSON";
    one.trouble_since = status.now - 5s;
  }
  CHECK(health_sentence(status) == "Leading; the first answers are awaited.");
  note_trouble(status, "clock", {health_level::degraded, "this host's clock is 3 h slow", {}, ""}, status.now);
  CHECK(health_sentence(status) == "Leading; the first answers are awaited, and something needs attention.");
  status.troubles.clear();
  for (auto& [key, one] : status.members) one.trouble_since = status.now - 20s;
  CHECK(health_sentence(status) == "No data flows.");
  auto& read = status.members[{"nem", "power"}];
  read.state = stream_state::live;
  read.last_success = status.now;
  // What was published before the start is as new as can be expected.
  CHECK(health_sentence(status) == "Data flows: 1 stream of 2 being tried again.");
  other.newest.reset();
  other.newest_at.reset();
  CHECK(health_sentence(status) == "Data flows: 1 stream of 2 not read yet.");
}

TEST_CASE("a stream's row has its lag beside what is to be expected, and when it is asked for next") {
  auto status = leading_one();
  auto page = status_page(status);
  CHECK(holds(page, "<b>5 min</b><small>up to 10 min expected</small>"));
  CHECK(holds(page, ">in 1 min<small>every 5m</small>"));
  status.members[{"nem", "power"}].newest_at = status.now - 50min;
  page = status_page(status);
  CHECK(holds(page, "<b class=\"late\">50 min</b><small>late: 40 min is unusual</small>"));
}

TEST_CASE("records are shown as a person reads them") {
  CHECK(record_cells(R"({"network_code":"NEM","interval":"2026-11-23T20:05:00+10:00","metric":"power",)"
                     R"("value":15234.5,"unit":"MW","network_region":"NSW1","fueltech_group":"coal","revision":0})") ==
        std::vector<std::string>{"11-23 20:05 +10:00", "NEM NSW1 coal", "power", "15,234.50 MW", ""});
  CHECK(record_cells(R"({"network_code":"NEM","interval":"2026-11-23T20:05:00+10:00","metric":"price",)"
                     R"("value":-0.5,"unit":"$/MWh","revision":2})") ==
        std::vector<std::string>{"11-23 20:05 +10:00", "NEM", "price", "-0.50 $/MWh", "revision 2"});
  CHECK(record_cells(R"({"network_code":"NEM","interval":"2026-11-23T20:05:00+10:00","metric":"price","value":null})")
            .at(3) == "no value");
  CHECK(record_cells(R"({"interval":"2026-11-23T20:05:00+10:00","network_code":"NEM","network_region":"NSW1",)"
                     R"("power":1234,"energy":-0.25,"demand":null,"interval_size":"5m","revision":1,"version":7})") ==
        std::vector<std::string>{"11-23 20:05 +10:00", "NEM NSW1", "power 1,234.00  energy -0.25  demand null",
                                 "revision 1"});
  CHECK(record_cells("{\"a\":1}") == std::vector<std::string>{"{\"a\":1}"});
  CHECK(record_cells("no JSON") == std::vector<std::string>{"no JSON"});
}

TEST_CASE("the day's credits are foreseen from how often each group is asked for") {
  auto status = leading_one();
  CHECK_FALSE(credits_by_day_end(status));
  status.credits_used_today = 40;
  status.credits_day_ends = status.now + 1h;
  CHECK(credits_by_day_end(status) == 52);
  status.members[{"nem", "energy"}] = status.members[{"nem", "power"}];  // asked for with it
  CHECK(credits_by_day_end(status) == 52);
  status.credits_per_day = 50;
  CHECK(credits_by_day_end(status) == 50);
}

TEST_CASE("the charts say what they are drawn from, or why there are none") {
  auto status = leading_one();
  page_memory page;
  CHECK(holds(status_page(status), "No stream fits a chart"));
  status.page = &page;
  page.chart.follow({{network::nem, chart_part::generation, "nem", "power", "MW", "", 5min}});
  CHECK(holds(status_page(status), "nothing has been read of the last 24 hours"));
  const auto label = *parse_network_time("2026-11-23T19:55:00");
  page.chart.add(0, "coal", "coal", label, 1000);
  page.chart.add(0, "battery_charging", "battery_charging", label, 500);
  auto text = status_page(status);
  CHECK(holds(text, "Generation by fueltech group from stream nem (power, MW)"));
  // Above the zero line, and below it.
  CHECK(holds(text, "<path class=\"f-coal\" d=\"M286 250H287V750H286Z\""));
  CHECK(holds(text, "<path class=\"f-battery_charging\" d=\"M286 1000H287V750H286Z\""));
  status.role = "standby";
  text = status_page(status);
  CHECK(holds(text, "where another one leads, the charts are on its page"));
  CHECK_FALSE(holds(text, "f-coal\" d="));
}

TEST_CASE("nothing of the page needs more than its policy allows") {
  const auto page = status_page(leading_one());
  CHECK_FALSE(holds(page, " style="));
  CHECK_FALSE(holds(page, " onclick"));
  CHECK(holds(page, "<style>" + std::string(status_page_style()) + "</style>"));
  CHECK(holds(status_page_policy(), "script-src '" + content_hash(status_page_script()) + "'"));
  CHECK_FALSE(holds(status_page_policy(), "unsafe"));
  // As `printf '' | openssl dgst -sha256 -binary | base64` has it.
  CHECK(content_hash("") == "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
}

TEST_CASE("who leads is told on a standby, where it is known") {
  auto status = leading_one();
  status.role = "standby";
  status.instance = "b-2";
  status.leader = "a-1";
  CHECK(holds(status_page(status), "Another instance<small>a-1</small><small>this one is b-2</small>"));
  status.leader.clear();
  CHECK(holds(status_page(status), "Not known"));
}

TEST_CASE("what happened in the last day is told, the newest first") {
  auto status = leading_one();
  CHECK(holds(status_page(status), "Nothing out of the ordinary."));
  note_event(status, daemon_event::kind::trouble, "the first", status.now - 25h);
  note_event(status, daemon_event::kind::takeover, "the second", status.now - 1h);
  note_event(status, daemon_event::kind::reload, "the third", status.now);
  const auto page = status_page(status);
  CHECK(page.find("The third") < page.find("The second"));
  CHECK_FALSE(holds(page, "The first"));
}
