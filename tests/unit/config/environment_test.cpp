// Configured by variables alone, or by a whole file in one; anchors, merge keys and a writer's own sections.
#include <doctest/doctest.h>

#include "config/state_folder.hpp"
#include "unit/config/config_support.hpp"

using namespace oes;
using namespace oes::test;

TEST_CASE("eight variables stand for the keys that differ between installations") {
  auto values = usual();
  values["OPENELECTRICITY_API_URL"] = "https://mirror.example/v4";
  values["OPENELECTRICITY_STREAM_HTTP_LISTEN"] = "0.0.0.0:9500";
  values["OPENELECTRICITY_STREAM_LOG_LEVEL"] = "debug";
  values["OPENELECTRICITY_STREAM_LOG_FORMAT"] = "json";
  values["OPENELECTRICITY_STREAM_DEPLOYMENT"] = "blue";
  values["OPENELECTRICITY_STREAM_PROGRESS_PATH"] = "/data/progress";
  values["STATE_DIRECTORY"] = "/var/lib/of-systemd";
  const auto loaded = load_configuration({"", env_of(values)});
  CHECK(lines(loaded).empty());
  REQUIRE(loaded.config);
  const auto& c = *loaded.config;
  CHECK(c.fetch.api_key == "oe_test_key_0001");
  CHECK(c.fetch.base_url == "https://mirror.example/v4");
  CHECK(c.publish.bootstrap_servers == "localhost:9092");
  CHECK(c.telemetry.http_address == "0.0.0.0");
  CHECK(c.telemetry.http_port == 9500);
  CHECK(c.telemetry.log_level == "debug");
  CHECK(loaded.log_format == "json");
  CHECK(c.publish.deployment == "blue");
  CHECK(c.progress_path == "/data/progress");

  const auto with_file = load("deployment: green\nlog: {level: warn}\nhttp: {listen: '127.0.0.1:1'}", values);
  REQUIRE(with_file.config);
  CHECK(with_file.config->publish.deployment == "green");
  CHECK(with_file.config->telemetry.log_level == "warn");
  CHECK(with_file.config->telemetry.http_port == 1);
  CHECK(with_file.config->progress_path == "/data/progress");
}

TEST_CASE("a wrong variable is named") {
  auto values = usual();
  values["OPENELECTRICITY_STREAM_LOG_LEVEL"] = "loud";
  values["OPENELECTRICITY_STREAM_HTTP_LISTEN"] = "everywhere";
  const auto text = said("", values);
  CHECK(has(text, "OPENELECTRICITY_STREAM_LOG_LEVEL"));
  CHECK(has(text, "OPENELECTRICITY_STREAM_HTTP_LISTEN"));
}

TEST_CASE("without a file all topics are made, with one only what it says") {
  const auto none = load_configuration({"", env_of(usual())});
  REQUIRE(none.config);
  CHECK(none.config->publish.create_topics == topic_creation::all);
  CHECK(has(none.resolved_yaml, "create_topics: all\n"));
  const auto empty_file = load("");
  REQUIRE(empty_file.config);
  CHECK(empty_file.config->publish.create_topics == topic_creation::progress);
  const auto in_variable = load_configuration({"$OPENELECTRICITY_STREAM_CONFIG_YAML", env_of(usual()), "log: {}"});
  REQUIRE(in_variable.config);
  CHECK(in_variable.config->publish.create_topics == topic_creation::progress);
}

TEST_CASE("a text that is given is read instead of a file, and faults name it") {
  const config_source text{"<stdin>", env_of(usual()), "\nlog: {level: loud}"};
  const auto loaded = load_configuration(text);
  REQUIRE(loaded.problems.size() == 1);
  CHECK(describe(loaded.problems[0]).starts_with("<stdin>:2:14: error: log.level"));
  CHECK(load_contact({"<stdin>", env_of({}), "progress_path: /srv/p"}).progress_path == "/srv/p");
}

TEST_CASE("the state folder of a user") {
  CHECK(state_folder_of_user(env_of({{"XDG_STATE_HOME", "/x"}, {"HOME", "/home/a"}})) == "/x/openelectricity-stream");
  CHECK(state_folder_of_user(env_of({{"HOME", "/home/a"}})) == "/home/a/.local/state/openelectricity-stream");
  CHECK(state_folder_of_user(env_of({{"HOME", "/"}})) == "/.local/state/openelectricity-stream");
  CHECK(state_folder_of_user(env_of({{"XDG_STATE_HOME", "relative"}, {"HOME", "/h"}})) ==
        "/h/.local/state/openelectricity-stream");
  CHECK(state_folder_of_user(env_of({})).empty());
}

TEST_CASE("merge keys: what a map says itself goes first, then the earlier of those that are merged") {
  const auto loaded = load(
      "x-market: &market {metrics: [price, demand], trigger: 10m, primary_grouping: network_region}\n"
      "x-slow: &slow {trigger: 30m, priority: 3}\n"
      "streams:\n"
      "- {name: a, <<: *market}\n"
      "- <<: [*market, *slow]\n"
      "  name: b\n  network_code: WEM\n"
      "- {<<: *slow, name: c, trigger: 15m}\n");
  CHECK(lines(loaded) == std::vector<std::string>());
  REQUIRE(loaded.config);
  const auto& s = loaded.config->streams;
  CHECK(s.at(0).metrics == std::vector<std::string>{"price", "demand"});
  CHECK(s.at(0).trigger == std::chrono::minutes(10));
  CHECK(s.at(1).trigger == std::chrono::minutes(10));
  CHECK(s.at(1).priority == 3);
  CHECK(s.at(2).trigger == std::chrono::minutes(15));
}

TEST_CASE("a merged section keeps what it merges itself, and a fault is told where it stands") {
  const auto loaded = load(
      "x-base: &base {linger.ms: '7'}\n"
      "x-tls: &tls {<<: *base, security.protocol: ssl}\n"
      "kafka: {properties: {<<: *tls, linger.ms: '9'}}\n");
  REQUIRE(loaded.config);
  const std::vector<std::pair<std::string, std::string>> wanted{{"linger.ms", "9"}, {"security.protocol", "ssl"}};
  CHECK(loaded.config->publish.properties == wanted);
  CHECK(has(said("x-a: &a {trigger: soon}\nstreams: [{name: n, <<: *a}]"), "c.yaml:1:19: error: streams[0].trigger"));
}

TEST_CASE("what cannot be merged is refused") {
  CHECK(has(said("streams: [{name: a, <<: market}]"), "error: streams[0]: '<<' takes a map"));
  CHECK(has(said("streams: [{name: a, <<: [1, 2]}]"), "'<<' takes a map"));
  CHECK(has(said("x-a: &a {}\nlog: {<<: *a, <<: *a}"), "duplicate key"));
}

TEST_CASE("a writer's own sections stand at the top alone") {
  CHECK(said("x-anything: {at: [all]}\nx-: 1").empty());
  CHECK(has(said("log: {x-level: debug}"), "log.x-level: unknown key"));
  CHECK(has(said("streams: [{name: a, x-b: 1}]"), "x-b: unknown key"));
}
