// The configuration a daemon starts with: from nothing, from the environment, from the reference file.
#include <doctest/doctest.h>

#include "unit/config/config_support.hpp"

using namespace oes;
using namespace oes::test;
using namespace std::chrono_literals;

TEST_CASE("with no file two environment variables suffice") {
  const auto loaded = load_configuration({"", env_of(usual())});
  CHECK(lines(loaded).empty());
  REQUIRE(loaded.config);
  const auto& c = *loaded.config;
  CHECK(c.fetch.api_key == "oe_test_key_0001");
  CHECK(c.publish.bootstrap_servers == "localhost:9092");
  REQUIRE(c.streams.size() == 1);
  const auto& s = c.streams[0];
  CHECK(s.name == "nem");
  CHECK(s.net == network::nem);
  CHECK(s.metrics == std::vector<std::string>{"power"});
  CHECK(s.interval == interval_size::m5);
  CHECK(s.primary == primary_grouping::network);
  CHECK(s.secondary == secondary_grouping::none);
  CHECK(s.start == stream_start(std::chrono::seconds(24h)));
  CHECK(s.trigger == 5min);
  CHECK(s.edge == edge_policy::held_back);
  CHECK(s.revisions == revision_policy::all);
  CHECK_FALSE(s.batch_size);
  CHECK(topic_for(s, endpoint::data, "power") == "openelectricity.network.5m.v1");
  CHECK(c.publish.delivery == delivery_guarantee::exactly_once);
  CHECK(c.publish.deployment == "openelectricity");
  CHECK(c.publish.standby);
  CHECK(c.progress_path == "/var/lib/openelectricity-stream");
  CHECK(c.telemetry.http_address == "127.0.0.1");
  CHECK(c.telemetry.http_port == 9464);
  CHECK_FALSE(c.test_clock);
}

TEST_CASE("without brokers there is nothing to do, and without a key only a warning") {
  const auto loaded = load_configuration({"", env_of({})});
  CHECK_FALSE(loaded.config);
  REQUIRE(loaded.problems.size() == 2);
  CHECK(loaded.problems[0].level == severity::warning);
  CHECK(loaded.problems[0].key == "api.api_key");
  CHECK(loaded.problems[1].level == severity::fault);
  CHECK(describe(loaded.problems[1]) ==
        "error: kafka.bootstrap_servers: missing: set it, or KAFKA_BOOTSTRAP_SERVERS, to your brokers (host:port)");
  CHECK(load_configuration({"", env_of({})}, kafka_need::not_needed).config);
}

TEST_CASE("the file goes before the environment, the environment before the default") {
  auto values = usual();
  values["OPENELECTRICITY_API_URL"] = "https://mirror.example/v4/";
  values["STATE_DIRECTORY"] = "/var/lib/a:/var/lib/b";
  const auto from_env = load("log: {level: debug}", values);
  REQUIRE(from_env.config);
  CHECK(from_env.config->fetch.base_url == "https://mirror.example/v4");
  CHECK(from_env.config->progress_path == "/var/lib/a");
  CHECK(from_env.config->telemetry.log_level == "debug");

  const auto from_file = load(
      "progress_path: /srv/p\napi: {api_key: mine, base_url: 'http://127.0.0.1:8080/v4'}\n"
      "kafka: {bootstrap_servers: [a:1, b:2]}",
      values);
  REQUIRE(from_file.config);
  CHECK(from_file.config->progress_path == "/srv/p");
  CHECK(from_file.config->fetch.api_key == "mine");
  CHECK(from_file.config->fetch.base_url == "http://127.0.0.1:8080/v4");
  CHECK(from_file.config->publish.bootstrap_servers == "a:1,b:2");
}

TEST_CASE("the table's defaults are those that the rooms' settings state") {
  const auto loaded = load("");
  REQUIRE(loaded.config);
  const auto& c = *loaded.config;
  const fetch_settings f;
  CHECK(c.fetch.base_url == f.base_url);
  CHECK(c.fetch.connect_timeout == f.connect_timeout);
  CHECK(c.fetch.first_byte_timeout == f.first_byte_timeout);
  CHECK(c.fetch.total_timeout == f.total_timeout);
  CHECK(c.fetch.max_header_bytes == f.max_header_bytes);
  CHECK(c.fetch.max_body_bytes == f.max_body_bytes);
  CHECK(c.fetch.max_inflated_bytes == f.max_inflated_bytes);
  CHECK(c.fetch.gzip == f.gzip);
  const schedule_settings s;
  CHECK(c.schedule.trigger_offset == s.trigger_offset);
  CHECK(c.schedule.trigger_jitter == s.trigger_jitter);
  CHECK(c.schedule.hole_after == s.hole_after);
  CHECK(c.schedule.probe_rejected == s.probe_rejected);
  CHECK(c.schedule.retry.base == s.retry.base);
  CHECK(c.schedule.retry.cap == s.retry.cap);
  CHECK(c.schedule.limit.base == s.limit.base);
  CHECK(c.schedule.limit.cap == s.limit.cap);
  const budget_settings b;
  CHECK(c.budget.plan == b.plan);
  CHECK(c.budget.share == b.share);
  CHECK(c.budget.resets_at == b.resets_at);
  CHECK_FALSE(c.budget.credits_per_day);
  CHECK_FALSE(c.budget.requests_per_second);
  const publish_settings p;
  CHECK(c.publish.create_topics == p.create_topics);
  CHECK(c.publish.session_timeout == p.session_timeout);
  CHECK(c.publish.transaction_timeout == p.transaction_timeout);
  CHECK(c.publish.message_timeout == p.message_timeout);
  CHECK(c.publish.producer_idle_retirement == p.producer_idle_retirement);
  CHECK(c.publish.max_transaction_records == p.max_transaction_records);
  CHECK(c.publish.max_transaction_bytes == p.max_transaction_bytes);
  CHECK(c.publish.queue_kbytes == p.queue_kbytes);
  const telemetry_settings t;
  CHECK(c.telemetry.http_enabled == t.http_enabled);
  CHECK(c.telemetry.log_level == t.log_level);
  CHECK(c.telemetry.log_format == t.log_format);
}

TEST_CASE("a file that cannot be read is one clear line") {
  const auto loaded = load_configuration({"/no/such/file.yaml", env_of(usual())});
  CHECK_FALSE(loaded.config);
  CHECK(lines(loaded) ==
        std::vector<std::string>{"/no/such/file.yaml: error: cannot read it: No such file or directory"});
}

TEST_CASE("who only asks the daemon needs neither its key nor its brokers") {
  const auto yaml =
      "api: {api_key_file: '${CREDENTIALS_DIRECTORY}/api_key'}\n"
      "progress_path: /srv/progress\n"
      "http: {listen: 127.0.0.1:9999}\n";
  REQUIRE_FALSE(load(yaml, {}).config);
  const auto contact = parse_contact(yaml, "c.yaml", env_of({}));
  REQUIRE(contact.telemetry);
  CHECK(contact.telemetry->http_port == 9999);
  CHECK(contact.progress_path == "/srv/progress");
  CHECK(contact.problems.empty());
}

TEST_CASE("who asks names the deployment only where file or environment do: the daemon's environment may name it") {
  CHECK(parse_contact("", "", env_of({})).deployment.empty());
  CHECK(parse_contact("deployment: nem\n", "c.yaml", env_of({})).deployment == "nem");
  CHECK(parse_contact("", "", env_of({{"OPENELECTRICITY_STREAM_DEPLOYMENT", "wem"}})).deployment == "wem");
  CHECK(parse_contact("deployment: '${NOT_MINE}'\n", "c.yaml", env_of({})).deployment.empty());
}

TEST_CASE("I3: a variable that names another daemon's place and is refused leaves nobody to ask") {
  for (const auto& [name, value] :
       std::vector<std::pair<std::string, std::string>>{{"OPENELECTRICITY_STREAM_PROGRESS_PATH", "\"/var/lib/b\""},
                                                        {"OPENELECTRICITY_STREAM_HTTP_LISTEN", "nowhere"}}) {
    const auto contact = parse_contact("", "", env_of({{name, value}}));
    CHECK_FALSE(contact.telemetry);
    REQUIRE(contact.problems.size() == 1);
    CHECK(contact.problems[0].key == name);
  }
  CHECK(parse_contact("", "", env_of({{"OPENELECTRICITY_API_KEY", "\"quoted\""}})).telemetry);
}

TEST_CASE("who asks is told what concerns the asking, and nothing else") {
  const auto contact = parse_contact("http: {listen: nowhere}\nkafka: {no_such_key: 1}\n", "c.yaml", env_of({}));
  CHECK_FALSE(contact.telemetry);
  REQUIRE(contact.problems.size() == 1);
  CHECK(contact.problems[0].key == "http.listen");
  CHECK(parse_contact("streams: [", "c.yaml", env_of({})).problems.size() == 1);
  const auto absent = load_contact({"/no/such/file.yaml", env_of({})});
  CHECK_FALSE(absent.telemetry);
  CHECK(absent.problems.size() == 1);
}
