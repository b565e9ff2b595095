#include "publish/client_properties.hpp"

#include <doctest/doctest.h>

#include "support/kafka_value.hpp"

using namespace oes;
using namespace oes::test;

TEST_CASE("the writer is idempotent, waits for all replicas, and is transactional under its deployment's name") {
  publish_settings settings;
  settings.deployment = "plant";
  const auto properties = producer_properties(settings, "host-1");
  CHECK(value_of(properties, "transactional.id") == "openelectricity.plant");
  CHECK(value_of(properties, "enable.idempotence") == "true");
  CHECK(value_of(properties, "acks") == "-1");
  CHECK(value_of(properties, "transaction.timeout.ms") == "30000");
  CHECK(value_of(properties, "message.timeout.ms") == "20000");
  CHECK(value_of(properties, "partitioner") == "murmur2_random");
  CHECK(value_of(properties, "compression.codec") == "lz4");
  CHECK(value_of(properties, "linger.ms") == "5");
  CHECK(value_of(properties, "queue.buffering.max.kbytes") == "65536");
  CHECK(value_of(properties, "socket.nagle.disable") == "true");
  CHECK(value_of(properties, "statistics.interval.ms") == "15000");
  CHECK(value_of(properties, "client.id") == "host-1");
}

TEST_CASE("at_least_once has no transactional id") {
  publish_settings settings;
  settings.delivery = delivery_guarantee::at_least_once;
  const auto properties = producer_properties(settings, "host-1");
  CHECK(value_of(properties, "transactional.id").empty());
  CHECK(value_of(properties, "enable.idempotence") == "true");
}

TEST_CASE("an operator's properties replace our preferences, also by their other names") {
  publish_settings settings;
  settings.properties = {{"queue.buffering.max.ms", "50"},
                         {"compression.type", "zstd"},
                         {"ssl.endpoint.identification.algorithm", "https"}};
  const auto properties = producer_properties(settings, "host-1");
  CHECK(value_of(properties, "linger.ms") == "50");
  CHECK(value_of(properties, "compression.codec") == "zstd");
}

TEST_CASE("what the guarantee stands on is ours, whatever the operator sets") {
  publish_settings settings;
  settings.bootstrap_servers = "ours:9092";
  settings.properties = {{"acks", "1"},
                         {"request.required.acks", "0"},
                         {"enable.idempotence", "false"},
                         {"transactional.id", "theirs"},
                         {"delivery.timeout.ms", "1000"},
                         {"transaction.timeout.ms", "900000"},
                         {"metadata.broker.list", "theirs:9092"},
                         {"partitioner", "random"},
                         {"group.id", "theirs"},
                         {"enable.auto.commit", "true"},
                         {"partition.assignment.strategy", "range"},
                         {"session.timeout.ms", "60000"},
                         {"isolation.level", "read_committed"}};
  const auto writer = producer_properties(settings, "host-1");
  CHECK(value_of(writer, "acks") == "-1");
  CHECK(value_of(writer, "enable.idempotence") == "true");
  CHECK(value_of(writer, "transactional.id") == "openelectricity.openelectricity");
  CHECK(value_of(writer, "message.timeout.ms") == "20000");
  CHECK(value_of(writer, "transaction.timeout.ms") == "30000");
  CHECK(value_of(writer, "bootstrap.servers") == "ours:9092");
  CHECK(value_of(writer, "partitioner") == "murmur2_random");
  const auto member = member_properties(settings, "host-1");
  CHECK(value_of(member, "group.id") == "openelectricity");
  CHECK(value_of(member, "enable.auto.commit") == "false");
  CHECK(value_of(member, "partition.assignment.strategy") == "cooperative-sticky");
  CHECK(value_of(member, "session.timeout.ms") == "6000");
}

TEST_CASE("membership stays dynamic: a static member would hold its partition after a clean stop") {
  publish_settings settings;
  settings.properties = {{"group.instance.id", "one"}};
  CHECK(value_of(member_properties(settings, "host-1"), "group.instance.id").empty());
}

TEST_CASE("heartbeats come twice a second, and three times a session where the session is short") {
  publish_settings settings;
  CHECK(value_of(member_properties(settings, "host-1"), "heartbeat.interval.ms") == "500");
  settings.session_timeout = std::chrono::milliseconds(900);
  CHECK(value_of(member_properties(settings, "host-1"), "heartbeat.interval.ms") == "300");
}

TEST_CASE("timeouts stay in the order that librdkafka asks for when the transaction's is short") {
  publish_settings settings;
  settings.transaction_timeout = std::chrono::seconds(5);
  const auto properties = producer_properties(settings, "host-1");
  CHECK(value_of(properties, "transaction.timeout.ms") == "5000");
  CHECK(value_of(properties, "message.timeout.ms") == "5000");
  CHECK(value_of(properties, "socket.timeout.ms") == "4800");
}

TEST_CASE("a property that librdkafka does not know is refused by name") {
  publish_settings settings;
  settings.properties = {{"no.such.property", "1"}};
  const auto conf = make_conf(producer_properties(settings, "host-1"));
  REQUIRE(conf.has_error());
  CHECK(conf.error().code == errc::kafka_refused);
  CHECK(conf.error().context.find("no.such.property") != std::string::npos);
}

TEST_CASE("ending a client does not wait for client metrics, unless the operator wants them") {
  publish_settings settings;
  const bool has_metrics = !value_of({}, "enable.metrics.push").empty();  // from librdkafka 2.5
  const std::string off = has_metrics ? "false" : "";
  CHECK(value_of(producer_properties(settings, "host-1"), "enable.metrics.push") == off);
  CHECK(value_of(member_properties(settings, "host-1"), "enable.metrics.push") == off);
  if (!has_metrics) return;
  settings.properties = {{"enable.metrics.push", "true"}};
  CHECK(value_of(producer_properties(settings, "host-1"), "enable.metrics.push") == "true");
}
