// What a running daemon takes over of a changed file, and what it refuses.
#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

#include "config/config_changes.hpp"
#include "config/settings_table.hpp"
#include "unit/config/config_support.hpp"

using namespace oes;
using namespace oes::test;

namespace {

std::string text_of_document() {
  std::ifstream in(std::string(OES_FIXTURES) + "/../../docs/configuration.md");
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

config_changes between(std::string_view running, std::string_view wanted, const variables& values = usual()) {
  const auto before = load(running, usual());
  const auto after = load(wanted, values);
  REQUIRE(before.config);
  REQUIRE(after.config);
  return compare(before.values, after.values);
}

constexpr auto two_streams = "streams: [{name: nem, trigger: 5m}, {name: wem, network_code: WEM}]";

}  // namespace

TEST_CASE("the same file in other words changes nothing") {
  CHECK(between("streams: [{name: nem, trigger: 5m}]", "defaults: {trigger: 300s}\nstreams:\n  - name: nem\n").none());
  CHECK(between(two_streams, "streams: [{name: wem, network_code: WEM}, {name: nem}]").none());
}

TEST_CASE("streams come, go and change") {
  const auto changes =
      between(two_streams, "streams: [{name: nem, trigger: 10m, priority: 2}, {name: prices, metrics: price}]");
  CHECK(changes.added == std::vector<std::string>{"prices"});
  CHECK(changes.removed == std::vector<std::string>{"wem"});
  REQUIRE(changes.changed.size() == 1);
  CHECK(changes.changed[0].name == "nem");
  CHECK(changes.changed[0].keys == std::vector<std::string>{"priority", "trigger"});
  CHECK(changes.refused.empty());
  CHECK(concerns_streams(changes));
  CHECK(line_of(changes) == "streams added: prices; streams removed: wem; stream nem: priority, trigger");
}

TEST_CASE("a default that changes is a change of each stream that inherits it") {
  const auto changes =
      between("defaults: {trigger: 5m}\nstreams: [{name: a}, {name: b, trigger: 1m, metrics: energy}]",
              "defaults: {trigger: 7m}\nstreams: [{name: a}, {name: b, trigger: 1m, metrics: energy}]");
  REQUIRE(changes.changed.size() == 1);
  CHECK(changes.changed[0].name == "a");
}

TEST_CASE("what makes a stream what it is cannot change under its name") {
  for (const auto* other :
       {"network_code: WEM", "interval: 1h", "primary_grouping: network_region", "secondary_grouping: fueltech",
        "network_region: NSW1", "fueltech: [wind]", "fueltech_group: [solar]", "facility_code: [BAYSW]", "topic: mine",
        "record: {key: series}", "record: {shape: wide}"}) {
    CAPTURE(other);
    const auto changes = between("streams: [{name: nem}]", std::string("streams: [{name: nem, ") + other + "}]");
    REQUIRE(changes.refused.size() >= 1);
    CHECK(has(changes.refused[0], "stream nem: "));
    CHECK(has(changes.refused[0], "give the stream a new name"));
  }
  CHECK(between("streams: [{name: nem}]", "streams: [{name: other, network_code: WEM}]").refused.empty());
}

TEST_CASE("what is made once at start is refused by name, with what to do") {
  for (const auto* other : {"deployment: other", "delivery: at_least_once", "standby: false", "progress_path: /tmp/x",
                            "kafka: {session_timeout: 7s}", "kafka: {max_transaction_records: 7}",
                            "kafka: {properties: {client.rack: a}}", "log: {format: json}"}) {
    CAPTURE(other);
    const auto changes = between("streams: [{name: nem}]", std::string("streams: [{name: nem}]\n") + other);
    REQUIRE(changes.refused.size() == 1);
    CHECK(has(changes.refused[0], "restart"));
  }
  CHECK(
      has(between("streams: [{name: nem}]", "streams: [{name: nem}]\nkafka: {properties: {client.rack: a}}").refused[0],
          "kafka.properties.client.rack cannot change while the daemon runs"));
}

TEST_CASE("plan, retries, key, endpoint and log level are taken over") {
  for (const auto* other :
       {"budget: {plan: PRO}", "retry: {cap: 1m}", "schedule: {hole_after: 2h}", "api: {first_byte_timeout: 9s}",
        "facilities: {every: 1h}", "kafka: {create_topics: none}"}) {
    CAPTURE(other);
    const auto changes = between("streams: [{name: nem}]", std::string("streams: [{name: nem}]\n") + other);
    CHECK(changes.refused.empty());
    CHECK(changes.daemon_keys.size() == 1);
  }
  const auto lesser =
      between("streams: [{name: nem}]", "streams: [{name: nem}]\nhttp: {listen: \"127.0.0.1:1\"}\nlog: {level: warn}");
  CHECK(line_of(lesser) == "http.listen, log.level");
  CHECK_FALSE(concerns_streams(lesser));
  CHECK_FALSE(concerns_topics(lesser));
  CHECK(concerns_topics(
      between("streams: [{name: nem, metrics: power}]", "streams: [{name: nem, metrics: [power, price]}]")));
}

TEST_CASE("a key that was rotated is seen and never told") {
  auto values = usual();
  values["OPENELECTRICITY_API_KEY"] = "oe_other_key_0002";
  const auto changes = between("streams: [{name: nem}]", "streams: [{name: nem}]", values);
  CHECK(line_of(changes) == "api.api_key");
}

// As docs/configuration.md has it.
TEST_CASE("of every key the papers say rightly whether a reload takes it over") {
  const auto text = text_of_document();
  const auto from = text.find("## Changing it while the daemon runs");
  const auto section = text.substr(from, text.find("\n## ", from + 1) - from);
  for (const auto& info : stream_key_infos()) {
    CAPTURE(info.path);
    const bool named = has(section, "`" + std::string(info.path) + "`");
    const bool explained = info.path == "start" || info.path == "name";
    if (!explained) CHECK(named == (rule_of_stream_key(info.path) == change_rule::needs_new_name));
  }
  for (const auto& info : daemon_key_infos()) {
    CAPTURE(info.path);
    const std::string path(info.path);
    const bool named = has(section, "`" + path + "`") || has(section, "`" + path.substr(0, path.find('.') + 1) + "`") ||
                       (path.starts_with("kafka.topics.") && has(section, "`kafka.topics.`"));
    if (path != "kafka.properties") CHECK(named == (rule_of_daemon_key(path) == change_rule::taken_over));
  }
}

TEST_CASE("only names of keys are told, no values") {
  const auto changes = between(
      "streams: [{name: nem}]\nkafka: {properties: {sasl.password: hush-1, sasl.username: u, sasl.mechanisms: PLAIN, "
      "security.protocol: sasl_plaintext}}",
      "streams: [{name: nem}]\nkafka: {properties: {sasl.password: hush-2, sasl.username: u, sasl.mechanisms: PLAIN, "
      "security.protocol: sasl_plaintext}}");
  CHECK(line_of(changes) == "kafka.properties.sasl.password");
  CHECK(changes.refused.empty());
}

TEST_CASE("how topics are made may change, and is named as it was written") {
  const auto changes = between("kafka: {topics: {data: {config: {retention.ms: 1}}}}",
                               "kafka: {topics: {data: {partitions: 6, config: {retention.ms: 2}}}}");
  CHECK(changes.refused.empty());
  CHECK(changes.daemon_keys ==
        std::vector<std::string>{"kafka.topics.data.config.retention.ms", "kafka.topics.data.partitions"});
}
