// kafka.topics: how topics are made.
#include <doctest/doctest.h>

#include "unit/config/config_support.hpp"

using namespace oes;
using namespace oes::test;

TEST_CASE("wishes for each kind of topic") {
  const auto loaded = load(
      "kafka: {topics: {data: {partitions: 6, replication_factor: 3, config: {retention.ms: 86400000}}, "
      "facilities: {config: {segment.ms: 1000}}, progress: {replication_factor: 2}}}");
  CHECK(lines(loaded).empty());
  REQUIRE(loaded.config);
  const auto& wishes = loaded.config->publish.topics;
  CHECK(wishes.data.partitions == 6);
  CHECK(wishes.data.replication == 3);
  CHECK(wishes.data.config.at("retention.ms") == "86400000");
  CHECK(wishes.facilities.config.at("segment.ms") == "1000");
  CHECK_FALSE(wishes.facilities.partitions);
  CHECK(wishes.progress.replication == 2);
}

TEST_CASE("what cannot be, and what nobody will have meant") {
  CHECK(has(said("kafka: {topics: {progress: {config: {cleanup.policy: delete}}}}"),
            "error: kafka.topics.progress.config.cleanup.policy: it must be compact"));
  CHECK(has(said("kafka: {topics: {facilities: {config: {cleanup.policy: 'compact,delete'}}}}"), "error"));
  CHECK(said("kafka: {topics: {data: {config: {cleanup.policy: compact}}}}").empty());
  CHECK(has(said("kafka: {topics: {data: {replication_factor: 2, config: {min.insync.replicas: 3}}}}"),
            "error: kafka.topics.data.replication_factor: it is below min.insync.replicas (3)"));
  CHECK(has(said("kafka: {topics: {data: {config: {retention.m: 1}}}}"), "did you mean 'retention.ms'"));
  CHECK(has(said("kafka: {topics: {data: {config: {unclean.leader.election.enable: true}}}}"), "warning"));
  CHECK(has(said("kafka: {topics: {progress: {partitions: 2}}}"), "kafka.topics.progress.partitions: unknown key"));
  CHECK(has(said("kafka: {topics: {data: {partitions: 0}}}"), "error: kafka.topics.data.partitions"));
}

TEST_CASE("a token command is for OAUTHBEARER, and one source of its property is enough") {
  const auto loaded = load(
      "kafka: {token_command: 'cat /run/token', properties: {security.protocol: sasl_ssl, sasl.mechanism: "
      "OAUTHBEARER}}");
  CHECK(lines(loaded).empty());
  REQUIRE(loaded.config);
  CHECK(loaded.config->publish.properties.back() ==
        std::pair<std::string, std::string>("sasl.oauthbearer.config", "cat /run/token"));
  CHECK(has(said("kafka: {token_command: x}"), "warning: kafka.token_command: it is not used"));
  CHECK(has(said("kafka: {token_command: x, properties: {sasl.mechanism: OAUTHBEARER, sasl.oauthbearer.config: y}}"),
            "write one of the two"));
}
