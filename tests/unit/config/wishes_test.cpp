#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "config/folder_check.hpp"
#include "config_support.hpp"

using namespace oes;
using namespace oes::test;

namespace {

std::string said_with(std::string_view yaml, const check_means& means) {
  std::string out;
  for (const auto& problem : parse_configuration(yaml, "c.yaml", env_of(usual()), means).problems) {
    out += describe(problem) + "\n";
  }
  return out;
}

}  // namespace

TEST_CASE("I2: a wish that can never come true is a fault, a likely mistake a warning") {
  CHECK(has(said("defaults: {network_code: WEM, network_region: NSW1}"),
            "error: defaults.network_region: NSW1 is a region of NEM, and this stream is of WEM"));
  CHECK(has(said("defaults: {network_code: NEM, network_region: WEM}"),
            "warning: defaults.network_region: WEM is a network of its own"));
  CHECK(load("defaults: {network_code: AU, network_region: NSW1}").config);
  CHECK(has(said("defaults: {interval: 1M}"), "warning: defaults.interval: an interval of 1M polled every 5m"));
  CHECK(has(said("defaults: {interval: 1d, trigger: 1m}"),
            "warning: defaults.trigger: an interval of 1d polled every 1m"));
  CHECK_FALSE(has(said("defaults: {interval: 1M, trigger: 6h}"), "polled every"));
  CHECK_FALSE(has(said("defaults: {interval: 1h}"), "polled every"));
  CHECK(has(said("defaults: {facility_code: [baysw], metrics: power}"), "did you mean 'BAYSW'?"));
}

TEST_CASE("I2: a wide record that is published once keeps the nulls it had, which is warned about") {
  const auto warning = "a column that is null at first stays null";
  CHECK(has(said("defaults: {record: {shape: wide}, revisions: first}"), warning));
  CHECK_FALSE(has(said("defaults: {record: {shape: wide}, revisions: first, publish_after: 72h}"), warning));
  CHECK_FALSE(has(said("defaults: {record: {shape: wide}}"), warning));
  CHECK_FALSE(has(said("defaults: {revisions: first}"), warning));
}

TEST_CASE("I2: a start in the future is warned about, by the network's clock") {
  check_means means;
  means.now = parse_utc("2026-11-23T00:00:00Z");
  CHECK(has(said_with("defaults: {start: 2030-01-01}", means),
            "warning: defaults.start: it lies in the future (2030-01-01T00:00:00+10:00)"));
  CHECK(said_with("defaults: {start: 2026-11-23}", means).empty());
  CHECK(said_with("defaults: {start: latest}", means).empty());
}

TEST_CASE("I2: a progress_path that cannot be made or written is named") {
  const auto folder = std::filesystem::temp_directory_path() / "oes-folder-check";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder / "there");
  std::ofstream(folder / "file") << "x";
  CHECK(look_at_folder((folder / "there").string()).complaint.empty());
  CHECK(look_at_folder((folder / "there" / "").string()).complaint.empty());
  CHECK(look_at_folder((folder / "new" / "deeper").string()).complaint.empty());
  CHECK(has(look_at_folder((folder / "file").string()).complaint, "is not a folder"));
  const auto below = look_at_folder((folder / "file" / "below").string());
  CHECK(has(below.complaint, "cannot be made"));
  CHECK(below.level == severity::fault);
  CHECK(has(look_at_folder("/dev/null/progress").complaint, "cannot be made"));
  check_means means;
  means.try_folder = look_at_folder;
  CHECK(has(said_with("progress_path: " + (folder / "file").string(), means), "c.yaml:1:16: error: progress_path: "));
  std::filesystem::remove_all(folder);
}

TEST_CASE(
    "I3: quotes around a key are named, blanks and a comma too many in a list of servers are none of its servers") {
  auto values = usual();
  values["OPENELECTRICITY_API_KEY"] = "\"oe_key_in_quotes\"";
  CHECK(has(said("", values), "error: OPENELECTRICITY_API_KEY: the value stands in quotes"));
  CHECK(has(said("api: {api_key: \"'oe_key_in_quotes'\"}"), "the key stands in quotes"));
  CHECK_FALSE(has(said("", values), "oe_key_in_quotes"));
  values = usual();
  values["KAFKA_BOOTSTRAP_SERVERS"] = "a:9092, b:9092 ,";
  CHECK(load("", values).config->publish.bootstrap_servers == "a:9092,b:9092");
  CHECK(load("kafka: {bootstrap_servers: ' a:9092 ,, SSL://b:9092, '}").config->publish.bootstrap_servers ==
        "a:9092,SSL://b:9092");
  CHECK(load("kafka: {bootstrap_servers: [' a:9092', 'b:9092 ']}").config->publish.bootstrap_servers ==
        "a:9092,b:9092");
  CHECK(has(said("kafka: {bootstrap_servers: ' , '}"), "no server is named"));
  CHECK(has(said("kafka: {bootstrap_servers: 'a b:9092'}"), "'a b:9092' is not host:port"));
  const auto with_login = said("kafka: {bootstrap_servers: 'a:1,u:pass0rd@h:9092'}");
  CHECK(has(with_login, "no user or password here; they belong in kafka.properties"));
  CHECK_FALSE(has(with_login, "pass0rd"));
  values["KAFKA_BOOTSTRAP_SERVERS"] = "'a:9092'";
  CHECK(has(said("", values), "KAFKA_BOOTSTRAP_SERVERS: the value stands in quotes"));
}

TEST_CASE("I1: what librdkafka says of the properties is told at their places, with what was probably meant") {
  check_means means;
  means.try_kafka = [](const publish_settings&) {
    return kafka_trial_outcome{{{kafka_complaint::kind::unknown_property, "compresion.type", ""},
                                {kafka_complaint::kind::unknown_property, "sasl.jaas.config", ""},
                                {kafka_complaint::kind::wrong, "linger.ms", "Invalid value for linger.ms"},
                                {kafka_complaint::kind::wrong, "", "no user"},
                                {kafka_complaint::kind::likely_mistake, "", "nobody logs in"}},
                               {"compression.type", "linger.ms"}};
  };
  const auto out = said_with(
      "kafka:\n  properties:\n    compresion.type: lz4\n    linger.ms: abc\n    sasl.jaas.config: x\n", means);
  CHECK(has(out,
            "c.yaml:3:5: error: kafka.properties.compresion.type: no property of librdkafka; did you mean "
            "'compression.type'?"));
  CHECK(has(out, "c.yaml:4:5: error: kafka.properties.linger.ms: Invalid value for linger.ms"));
  CHECK(has(out,
            "c.yaml:5:5: error: kafka.properties.sasl.jaas.config: a property of Java's client, not of librdkafka: set "
            "sasl.username"));
  CHECK(has(out, "error: kafka.properties: no user"));
  CHECK(has(out, "warning: kafka.properties: nobody logs in"));
  means.kafka = kafka_need::not_needed;
  CHECK_FALSE(has(said_with("kafka: {properties: {compresion.type: lz4}}", means), "librdkafka"));
}
