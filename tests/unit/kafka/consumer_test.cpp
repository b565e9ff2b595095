#include "kafka/consumer.hpp"

#include <doctest/doctest.h>

#include "support/kafka_value.hpp"

using namespace oes;
using namespace oes::test;

TEST_CASE("what is read is ours to say, how the brokers are reached is the operator's") {
  connection_settings settings;
  settings.bootstrap_servers = "ours:9092";
  settings.properties = {{"isolation.level", "read_committed"}, {"metadata.broker.list", "theirs:9092"},
                         {"enable.auto.commit", "true"},        {"auto.offset.reset", "earliest"},
                         {"group.instance.id", "one"},          {"socket.timeout.ms", "3000"}};
  const auto properties = consumer_properties(settings, isolation_level::read_uncommitted);
  CHECK(value_of(properties, "isolation.level") == "read_uncommitted");
  CHECK(value_of(properties, "bootstrap.servers") == "ours:9092");
  CHECK(value_of(properties, "enable.auto.commit") == "false");
  CHECK(value_of(properties, "group.instance.id").empty());
  CHECK(value_of(properties, "socket.timeout.ms") == "3000");
  CHECK(value_of(consumer_properties(settings, isolation_level::read_committed), "isolation.level") ==
        "read_committed");
}

TEST_CASE("the end of a reader does not wait for client metrics") {
  const bool has_metrics = !value_of({}, "enable.metrics.push").empty();  // from librdkafka 2.5
  CHECK(value_of(consumer_properties({}, isolation_level::read_committed), "enable.metrics.push") ==
        (has_metrics ? "false" : ""));
}

TEST_CASE("a reader takes little memory, and as much at a time as the largest record may have") {
  connection_settings settings;
  const auto at_a_time = [&] {
    return value_of(consumer_properties(settings, isolation_level::read_committed), "fetch.max.bytes");
  };
  CHECK(at_a_time() == "3000000");
  settings.properties = {{"message.max.bytes", "8000000"}};
  CHECK(at_a_time() == "8000000");
}

TEST_CASE("a property that is none is refused by name") {
  logger log(telemetry_settings{.log_level = "error"});
  connection_settings settings;
  settings.properties = {{"no.such.property", "1"}};
  const auto opened = kafka_consumer::open(settings, isolation_level::read_committed, log);
  REQUIRE(opened.has_error());
  CHECK(opened.error().code == errc::kafka_refused);
  CHECK(opened.error().context.find("no.such.property") != std::string::npos);
}
