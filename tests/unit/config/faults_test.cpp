// What bad input gets: every problem at once, one clear line each, with its place and what was meant.
#include <doctest/doctest.h>

#include "unit/config/config_support.hpp"

using namespace oes;
using namespace oes::test;

TEST_CASE("all problems of a file are told at once, in its order") {
  const auto loaded = load(
      "api:\n"
      "  connect_timout: 5s\n"
      "  total_timeout: 30\n"
      "streams:\n"
      "  - name: a\n"
      "    metrics: [power, prise]\n"
      "    network_code: nem\n");
  CHECK_FALSE(loaded.config);
  CHECK(loaded.resolved_yaml.empty());
  CHECK(lines(loaded) ==
        std::vector<std::string>{
            "c.yaml:2:3: error: api.connect_timout: unknown key; did you mean 'connect_timeout'?",
            "c.yaml:3:18: error: api.total_timeout: found '30'; it must be a duration of at least 1s and at most 1h, "
            "written like 250ms, 30s, 5m, 1h30m or 2d",
            "c.yaml:6:22: error: streams[0].metrics[1]: unknown metric 'prise'; did you mean 'price'? (A newer one is "
            "written with its endpoint: data/prise or market/prise)",
            "c.yaml:7:19: error: streams[0].network_code: unknown value 'nem'; case matters, did you mean 'NEM'? "
            "Allowed: NEM, WEM, AU"});
}

TEST_CASE("an unknown key is told where it belongs") {
  CHECK(has(said("api_key: x"), "c.yaml:1:1: error: api_key: unknown key; did you mean 'api.api_key'?"));
  CHECK(has(said("metrics: power"), "write it under 'streams' or 'defaults'"));
  CHECK(has(said("stream: []"), "did you mean 'streams'?"));
  CHECK(has(said("kafka: {sasl.mechanism: PLAIN}"), "write it under 'kafka.properties'"));
  CHECK(has(said("defaults: {name: x}"), "defaults.name: unknown key; each stream has a name of its own"));
  CHECK(has(said("streams: [{name: a, delivery: x}]"), "it is a key of the daemon"));
  CHECK(has(said("defaults: {record.key: point}"), "write it nested, 'key' inside 'record'"));
  CHECK(has(said("log: {colour: red}"), "log.colour: unknown key; known here: level, format"));
}

TEST_CASE("a duplicate key is a fault, for the later one would win unseen") {
  CHECK(said("log:\n  level: info\n  level: debug\n") ==
        "c.yaml:3:3: error: log.level: duplicate key: it is given on line 2 already\n");
  CHECK(has(said("streams: [{name: a}]\nstreams: [{name: b}]"), "streams: duplicate key"));
  CHECK(has(said("kafka: {properties: {linger.ms: 1, linger.ms: 2}}"), "kafka.properties.linger.ms: duplicate key"));
}

TEST_CASE("a quote without its end is a fault where it begins, and does not swallow what follows") {
  const std::string head = "kafka: {bootstrap_servers: 'h\xC3\xA4:1'}\napi: {api_key: k12345678901234567}\n";
  for (const auto* quote : {"'", "\""}) {
    CAPTURE(quote);
    const auto open = std::string("progress_path: ") + quote + "/tmp/p\nstreams:\n  - name: wem\n";
    CHECK(has(said(head + open), "c.yaml:3:16: error: progress_path: a quote without its end"));
    CHECK(has(said(std::string("deployment: ") + quote + "abc\n"), "c.yaml:1:13: error: deployment: a quote without"));
    CHECK(has(said(std::string("deployment: ") + quote + "abc"), "error: not valid YAML"));
    CHECK(has(said(std::string("deployment: &a ") + quote + "abc\n"), "a quote without its end"));
    CHECK(has(said(std::string("deployment: abc\n") + quote + "log: {}\n"), "c.yaml:2:1: error: "));
  }
  CHECK(has(said("deployment: 'it''s\n"), "a quote without its end"));
  CHECK(has(said("deployment: \"a\\\"\n"), "a quote without its end"));
  CHECK(said("deployment: 'abc' # it's\n").empty());
  CHECK(said("deployment: &a !!str \"abc\"\nx-b: {a: 'it''s \"'}\nx-c: \"\\\"'\"\nx-d: |\n  \"text\n").empty());
}

TEST_CASE("a wrong type is named with what was meant") {
  CHECK(has(said("api: {gzip: maybe}"), "api.gzip: found 'maybe'; it must be true or false"));
  CHECK(has(said("api: {gzip: yes}"), "api.gzip: found 'yes'; it must be true or false"));
  for (const auto* word : {"True", "TRUE", "False", "FALSE"}) {
    CAPTURE(word);
    const auto loaded = load("standby: " + std::string(word));
    REQUIRE(loaded.config);
    CHECK(loaded.config->publish.standby == (*word == 'T'));
  }
  CHECK(has(said("api: {max_body: [1]}"), "found a list; it must be a size"));
  CHECK(has(said("api: {base_url: {a: 1}}"), "found a map; it must be a text"));
  CHECK(has(said("log: debug"), "log: found a single value; it is a section of keys"));
  CHECK(has(said("defaults: {metrics: {a: 1}}"), "found a map; it must be a list, or a single text"));
  CHECK(has(said("streams: {name: a}"), "it must be a list of streams"));
  CHECK(has(said("streams: [nem]"), "streams[0]: found 'nem'; a stream is a map of options"));
  CHECK(has(said("streams: []"), "streams: it is empty"));
  CHECK(has(said("kafka: {max_transaction_records: 0}"), "found '0'; it must be a whole number of at least 1"));
  CHECK(has(said("kafka: {max_transaction_records: 1e3}"), "must be a whole number"));
  CHECK(has(said("budget: {share: 0}"), "found '0'; it must be a number above 0 and at most 1"));
  CHECK(has(said("budget: {resets_at: 25:00}"), "HH:MM"));
}

TEST_CASE("a scalar is accepted where a list is meant") {
  const auto loaded = load("defaults: {metrics: price, fueltech: wind}");
  REQUIRE(loaded.config);
  CHECK(loaded.config->streams[0].metrics == std::vector<std::string>{"price"});
  CHECK(loaded.config->streams[0].filter.fueltechs == std::vector<std::string>{"wind"});
}

TEST_CASE("a key left empty is not there; a value that expands to nothing is wrong where it must be something") {
  CHECK(load("api:\n  connect_timeout:\nstreams:\ndefaults:\n").config);
  CHECK(load("api: {api_key: '${NO_KEY:-}'}").config->fetch.api_key == "oe_test_key_0001");
  CHECK(has(said("api: {connect_timeout: '${NONE:-}'}"), "it is empty; it must be a duration"));
}

TEST_CASE("a variable that is not set is told with its place") {
  CHECK(has(said("log:\n  level: ${LEVEL}\n"), "c.yaml:2:10: error: log.level: environment variable LEVEL is not set"));
  CHECK(has(said("log: {level: '${LEVEL:?which level}'}"), "LEVEL: which level"));
}

TEST_CASE("text that is no YAML gets its place and no stack trace") {
  CHECK(has(said("a: [1"), "error: not valid YAML: end of sequence flow not found"));
  CHECK(has(said("a:\n\t- b"), "c.yaml:2:"));
  CHECK(has(said("- a"), "found a list; the file must be a map of keys"));
  CHECK(has(said("just a text"), "found a single value"));
  CHECK(has(said("log: {level: info}\n---\nlog: {level: warn}"), "more than one YAML document"));
  CHECK(has(said("log: &a [*a]"), "nested too deeply"));
  CHECK(has(said("{[a]: b}"), "a key must be a plain word"));
}

TEST_CASE("aliases that multiply are stopped") {
  std::string bomb = "a: &a0 [x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 9; ++i) {
    const auto before = "*a" + std::to_string(i - 1);
    bomb += "b" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
    for (int j = 1; j < 8; ++j) bomb += ", " + before;
    bomb += "]\n";
  }
  CHECK(has(said(bomb), "too large for a configuration"));
}

TEST_CASE("a wrong value in the environment is named by its variable") {
  auto values = usual();
  values["OPENELECTRICITY_API_URL"] = "ftp://x";
  CHECK(said("", values) == "error: OPENELECTRICITY_API_URL: it must begin with https://\n");
}

TEST_CASE("the API is spoken to by TLS, but for this machine") {
  for (const auto* good : {"https://a.example/v4", "http://127.0.0.1:8080", "http://localhost/v4", "http://[::1]:1/"}) {
    CAPTURE(good);
    CHECK(load("api: {base_url: '" + std::string(good) + "'}").config);
  }
  CHECK(has(said("api: {base_url: http://a.example/v4}"), "would send the key in the clear"));
  CHECK(has(said("api: {base_url: http://127.0.0.1.evil.example}"), "would send the key in the clear"));
  CHECK(has(said("api: {base_url: http://localhost.evil.example}"), "would send the key in the clear"));
  CHECK(has(said("api: {base_url: a.example}"), "must begin with https://"));
  CHECK(has(said("api: {base_url: 'https://a.example/?x=1'}"), "no '?'"));
  CHECK(has(said("api: {base_url: 'https://:443/'}"), "host or port is not valid"));
  CHECK(has(said("api: {base_url: 'https://a.example:99999/'}"), "host or port is not valid"));
}

TEST_CASE("addresses to listen on and brokers") {
  CHECK(load("http: {listen: '[::1]:0'}").config->telemetry.http_address == "::1");
  CHECK(load("http: {listen: '0.0.0.0:80'}").config->telemetry.http_port == 80);
  CHECK(load("http: {listen: 'localhost:80'}").config->telemetry.http_address == "127.0.0.1");
  for (const auto* bad : {"9464", ":9464", "example.org:80", "127.0.0.1", "127.0.0.1:70000", "127.0.0.1:"}) {
    CAPTURE(bad);
    CHECK(has(said("http: {listen: '" + std::string(bad) + "'}"), "it must be address:port"));
  }
  CHECK(load("kafka: {bootstrap_servers: 'a:1,SSL://b:2'}").config->publish.bootstrap_servers == "a:1,SSL://b:2");
  CHECK(
      has(said("kafka: {bootstrap_servers: [a:1, 'b c:2']}"), "kafka.bootstrap_servers[1]: 'b c:2' is not host:port"));
  CHECK(has(said("kafka: {bootstrap_servers: []}"), "the list is empty"));
}

TEST_CASE("timeouts that contradict each other") {
  CHECK(has(said("api: {first_byte_timeout: 10m}"),
            "api.first_byte_timeout (10m) must be at most api.total_timeout (5m)"));
  CHECK(has(said("kafka: {transaction_timeout: 20s}"),
            "kafka.transaction_timeout: kafka.message_timeout (20s) must be below kafka.transaction_timeout (20s)"));
  CHECK(has(said("retry: {base: 10m}"), "retry.base (10m) must be at most retry.cap (5m)"));
}

TEST_CASE("the test clock needs both its ends and is warned about") {
  CHECK(has(said("testing: {clock: {speed: 60}}"), "it needs both real_anchor and shown"));
  const auto loaded = load("testing: {clock: {real_anchor: 1000000, shown: '2026-01-01T10:00:00+10:00', speed: 60}}");
  REQUIRE(loaded.config);
  REQUIRE(loaded.config->test_clock);
  CHECK(loaded.config->test_clock->real_anchor.time_since_epoch() == std::chrono::seconds(1));
  CHECK(loaded.config->test_clock->shown_anchor == parse_utc("2026-01-01T00:00:00Z"));
  CHECK(loaded.config->test_clock->speed == 60);
  CHECK(has(lines(loaded).at(0), "for tests only"));
}
