#include "telemetry/metrics.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <sstream>
#include <vector>

#include "model/metric.hpp"
#include "telemetry/status_board.hpp"

using namespace oes;
using namespace std::chrono_literals;

namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) out.push_back(line);
  return out;
}

// Series of ours alone.
std::vector<std::string> series_of(const std::string& text) {
  auto out = lines_of(text);
  std::erase_if(out, [](const std::string& line) { return !line.starts_with("openelectricity_"); });
  return out;
}

bool has_line(const std::string& text, const std::string& line) {
  const auto all = lines_of(text);
  return std::find(all.begin(), all.end(), line) != all.end();
}

std::size_t count_with(const std::string& text, const std::string& part) {
  const auto all = series_of(text);
  return static_cast<std::size_t>(
      std::count_if(all.begin(), all.end(), [&](const std::string& line) { return line.find(part) != line.npos; }));
}

daemon_status leading_many(int streams = 1) {
  daemon_status status;
  status.version = "0.1.0";
  status.commit = "abc";
  status.librdkafka = "2.0.2";
  status.role = "leading";
  status.now = *parse_utc("2026-11-23T00:09:14Z");
  status.started_at = *parse_utc("2026-11-22T23:09:14Z");
  for (int i = 0; i < streams; ++i) {
    for (const auto* metric : {"power", "energy"}) {
      const std::string name = streams == 1 ? "nem" : "nem-regions-5m-" + std::to_string(i);
      auto& member = status.members[{name, metric}];
      member.stream = name;
      member.group = "nem";
      member.dataset = "network";
      member.network = "NEM";
      member.interval = "5m";
      member.metric = metric;
      member.state = stream_state::live;
      member.newest_at = parse_utc("2026-11-23T00:05:00Z");
      member.expected_lag = 600s;
      member.late_after = 2400s;
      member.goes_on = parse_utc("2026-11-23T00:10:05Z");
      member.trigger = 300s;
      member.polled_every = 300s;
      member.records = 123456;
      member.last_success = member.last_commit = parse_utc("2026-11-23T00:05:14Z");
    }
  }
  return status;
}

constexpr const char* deployment = "openelectricity";

std::string scrape(const daemon_status& status) { return metrics(deployment).exposition(status); }

}  // namespace

TEST_CASE("what the daemon counted can be read off its metrics") {
  metrics numbers("test");
  numbers.request("network", "ok", 300ms, 1200);
  numbers.request("network", "not_yet", 100ms, 40);
  numbers.request("me", "bad_key", 100ms, 0);
  numbers.retried("timed_out");
  numbers.transaction("committed", 30ms, 305);
  numbers.transaction("not_committed", 30ms, 305);
  numbers.leadership(leadership_change::gained);
  numbers.log_lines_dropped(7);
  numbers.log_lines_dropped(9);
  const auto text = numbers.exposition(leading_many());
  for (const auto* line : {
           R"(openelectricity_api_requests_total{deployment="test",endpoint="network",outcome="ok"} 1)",
           R"(openelectricity_api_requests_total{deployment="test",endpoint="network",outcome="not_yet"} 1)",
           R"(openelectricity_api_requests_total{deployment="test",endpoint="me",outcome="bad_key"} 1)",
           R"(openelectricity_api_request_duration_seconds_count{deployment="test",endpoint="network"} 2)",
           R"(openelectricity_api_received_bytes_total{deployment="test",endpoint="network"} 1240)",
           R"(openelectricity_api_retries_total{deployment="test",reason="timed_out"} 1)",
           R"(openelectricity_kafka_transactions_total{deployment="test",outcome="committed"} 1)",
           R"(openelectricity_kafka_transaction_records_sum{deployment="test"} 305)",
           R"(openelectricity_kafka_transaction_duration_seconds_count{deployment="test"} 2)",
           R"(openelectricity_leadership_changes_total{deployment="test",change="gained"} 1)",
           R"(openelectricity_log_lines_dropped_total{deployment="test"} 9)",
       }) {
    CHECK_MESSAGE(has_line(text, line), line);
  }
}

TEST_CASE("of a stream its slowest metric and its worst state count, and the lag is of the scrape") {
  auto status = leading_many();
  auto& slow = status.members[{"nem", "energy"}];
  slow.state = stream_state::retrying;
  slow.newest_at = parse_utc("2026-11-23T00:00:00Z");
  slow.records = 4;
  slow.revised = 3;
  slow.points_skipped["ahead"] = 2;
  slow.apart = apart_for::topic_refused;
  status.now += 60s;
  const auto text = scrape(status);
  const std::string of_stream = R"({deployment="openelectricity",stream="nem"} )";
  CHECK(has_line(text, "openelectricity_stream_newest_interval_timestamp_seconds" + of_stream + "1795392000"));
  CHECK(has_line(text, "openelectricity_stream_newest_interval_lag_seconds" + of_stream + "614"));
  CHECK(has_line(text, "openelectricity_stream_records_committed_total" + of_stream + "123460"));
  CHECK(has_line(text, "openelectricity_stream_records_revised_total" + of_stream + "3"));
  CHECK(has_line(text, "openelectricity_stream_trigger_wanted_seconds" + of_stream + "300"));
  CHECK(
      has_line(text, R"(openelectricity_stream_state{deployment="openelectricity",stream="nem",state="retrying"} 1)"));
  CHECK(has_line(text, R"(openelectricity_stream_state{deployment="openelectricity",stream="nem",state="live"} 0)"));
  CHECK(has_line(
      text,
      R"(openelectricity_stream_points_skipped_total{deployment="openelectricity",stream="nem",reason="ahead"} 2)"));
  CHECK(has_line(
      text, R"(openelectricity_stream_apart{deployment="openelectricity",stream="nem",reason="topic_refused"} 1)"));
  CHECK(has_line(text, R"(openelectricity_stream_info{deployment="openelectricity",stream="nem",group="nem",)"
                       R"(network="NEM",dataset="network",interval="5m"} 1)"));
}

TEST_CASE("every series but the documented ones is there from the start") {
  daemon_status fresh;
  fresh.members[{"nem", "power"}].stream = "nem";
  const auto before = series_of(scrape(fresh));
  const auto name = [](const std::string& line) { return line.substr(0, line.find(' ')); };
  std::set<std::string> known;
  for (const auto& line : before) known.insert(name(line));
  // What documents of monitoring.md call absent until it is known.
  const std::set<std::string> later{"newest_interval_timestamp_seconds",
                                    "newest_interval_lag_seconds",
                                    "expected_lag_seconds",
                                    "late_after_seconds",
                                    "next_poll_timestamp_seconds",
                                    "trigger_wanted_seconds",
                                    "trigger_granted_seconds",
                                    "stream_info",
                                    "build_info"};
  for (const auto& line : series_of(scrape(leading_many()))) {
    if (line.find("metric=\"energy\"") != line.npos) continue;
    const bool is_later =
        std::any_of(later.begin(), later.end(), [&](const auto& word) { return line.find(word) != line.npos; });
    if (!is_later) CHECK_MESSAGE(known.contains(name(line)), line);
  }
  CHECK(before.size() > 200);
}

TEST_CASE("a standby tells no times of streams that another instance reads") {
  auto status = leading_many();
  for (auto& [key, member] : status.members) member.state = stream_state::standby;
  const auto text = scrape(status);
  CHECK(text.find("newest_interval") == std::string::npos);
  CHECK(text.find("next_poll") == std::string::npos);
  CHECK(has_line(text, R"(openelectricity_stream_state{deployment="openelectricity",stream="nem",state="standby"} 1)"));
}

TEST_CASE("what the daemon waits for makes it not ready, by its kind") {
  auto status = leading_many();
  note_trouble(status, "kafka", {health_level::failing, "Kafka: refused", {}, ""}, status.now);
  note_trouble(status, "progress.json", {health_level::degraded, "disk full", {}, ""}, status.now);
  const auto text = scrape(status);
  CHECK(has_line(text, R"(openelectricity_health{deployment="openelectricity"} 2)"));
  CHECK(has_line(text, R"(openelectricity_ready{deployment="openelectricity",reason="kafka"} 0)"));
  CHECK(has_line(text, R"(openelectricity_ready{deployment="openelectricity",reason="other"} 1)"));
  CHECK(has_line(text, R"(openelectricity_health_reason{deployment="openelectricity",reason="other"} 1)"));
}

TEST_CASE("reloads are counted, a refused one is told until one is taken") {
  auto status = leading_many();
  note_reload(status, reload_end::refused, "streams: 'nem' asks for another series under its old name", status.now);
  status.config.differs = "streams";
  auto text = scrape(status);
  CHECK(has_line(text, R"(openelectricity_config_reloads_total{deployment="openelectricity",outcome="refused"} 1)"));
  CHECK(has_line(text, R"(openelectricity_config_last_reload_successful{deployment="openelectricity"} 0)"));
  CHECK(has_line(text, R"(openelectricity_config_differs{deployment="openelectricity"} 1)"));
  CHECK(has_line(text, R"(openelectricity_health_reason{deployment="openelectricity",reason="configuration"} 1)"));
  note_reload(status, reload_end::taken, "reloaded: streams", status.now + 60s);
  status.config.differs.clear();
  text = scrape(status);
  CHECK(has_line(text, R"(openelectricity_config_reloads_total{deployment="openelectricity",outcome="ok"} 1)"));
  CHECK(has_line(text, R"(openelectricity_config_last_reload_successful{deployment="openelectricity"} 1)"));
  CHECK(has_line(text, R"(openelectricity_config_differs{deployment="openelectricity"} 0)"));
}

TEST_CASE("a stream that is configured no longer has no series") {
  auto status = leading_many(2);
  CHECK(count_with(scrape(status), R"(stream="nem-regions-5m-1")") > 20);
  std::erase_if(status.members, [](const auto& one) { return one.first.first == "nem-regions-5m-1"; });
  CHECK(count_with(scrape(status), R"(stream="nem-regions-5m-1")") == 0);
  CHECK(count_with(scrape(status), R"(stream="nem-regions-5m-0")") > 20);
}

TEST_CASE("a stream has at most 40 series, all else at most 500; 50 streams at most 300 kB") {
  const auto one = series_of(scrape(leading_many())).size();
  const auto text = scrape(leading_many(50));
  const auto fifty = series_of(text).size();
  const auto each = (fifty - one) / 49;
  CHECK(each <= 40);
  CHECK(one - each <= 500);
  CHECK(text.size() <= 300'000);
  MESSAGE(each << " series a stream, " << one - each << " others; 50 streams: " << text.size() << " bytes");
}

TEST_CASE("requests to each endpoint of the API are counted under its own name, from the first scrape on") {
  const auto text = scrape(leading_many());
  int endpoints = 0;
  for (auto name = dataset(endpoint{}); !name.empty(); name = dataset(static_cast<endpoint>(++endpoints))) {
    CHECK_MESSAGE(text.find("openelectricity_api_requests_total{deployment=\"openelectricity\",endpoint=\"" +
                            std::string(name) + "\"") != text.npos,
                  name);
  }
  CHECK(endpoints == 4);
}

TEST_CASE("every series of ours names its deployment, and every family says what it is") {
  const auto text = scrape(leading_many());
  for (const auto& line : series_of(text)) {
    CHECK_MESSAGE(line.find(R"({deployment="openelectricity")") != line.npos, line);
    const auto name = line.substr(0, line.find('{'));
    const auto of_histogram = [&](std::string_view end) {
      return name.ends_with(end) && text.find("# HELP " + name.substr(0, name.size() - end.size()) + ' ') != text.npos;
    };
    const bool told = text.find("# HELP " + name + ' ') != text.npos || of_histogram("_bucket") ||
                      of_histogram("_count") || of_histogram("_sum");
    CHECK_MESSAGE(told, line);
  }
  CHECK(has_line(text, R"(openelectricity_build_info{deployment="openelectricity",version="0.1.0",commit="abc",)"
                       R"(librdkafka="2.0.2"} 1)"));
  CHECK(text.find("# TYPE openelectricity_api_request_duration_seconds histogram\n") != std::string::npos);
}

TEST_CASE("the process tells its memory, its descriptors, and when it began") {
  const auto text = scrape(leading_many());
  CHECK(text.find("# TYPE process_resident_memory_bytes gauge\n") != std::string::npos);
  CHECK(text.find("process_open_fds ") != std::string::npos);
  const auto at = text.find("\nprocess_start_time_seconds ");
  REQUIRE(at != std::string::npos);
  const auto began = std::stod(text.substr(at + 28));
  CHECK(began > 1.6e9);
}

TEST_CASE("an unknown credit limit is not shown as zero") {
  auto status = leading_many();
  CHECK(scrape(status).find("credits_share_per_day") == std::string::npos);
  status.credits_per_day = 450;
  status.credits_left = 400;
  CHECK(has_line(scrape(status), R"(openelectricity_api_credits_share_per_day{deployment="openelectricity"} 450)"));
}
