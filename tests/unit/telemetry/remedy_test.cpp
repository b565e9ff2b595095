#include "telemetry/remedy.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace oes;

namespace {

bool says(std::string_view advice, std::string_view words) { return advice.find(words) != advice.npos; }

}  // namespace

TEST_CASE("E4: of each trouble with Kafka it is told what to do") {
  struct {
    std::string_view why, advice;
  } const known[] = {
      {"k:9092: SASL authentication error: Authentication failed: Invalid username or password", "user and password"},
      {"k:9092: SASL SCRAM-SHA-512 mechanism handshake failed: Broker: Unsupported SASL mechanism",
       "user and password"},
      {"no right to read the progress topic p (Topic authorization failed)", "give this user the right"},
      {"deployment d: Broker: Transactional Id authorization failed", "give this user the right"},
      {"nowhere.invalid:9092: Failed to resolve 'nowhere.invalid:9092': Name or service not known", "name service"},
      {"127.0.0.1:9092: Connect to ipv4#127.0.0.1:9092 failed: Connection refused", "start the brokers"},
      {"k:9093: SSL handshake failed: certificate verify failed: broker certificate could not be verified",
       "certificates"},
      {"k:9093: SSL handshake failed: Disconnected: connecting to a PLAINTEXT broker listener?", "security.protocol"},
      {"k:9092: Disconnected: verify that security.protocol is correctly configured, broker might require SASL "
       "authentication",
       "security.protocol"},
      {"k:9093: Disconnected while requesting ApiVersion: might be caused by incorrect security.protocol "
       "configuration (connecting to a SSL listener?) or broker version is < 0.10 (see api.version.request)",
       "security.protocol"},
      {"kafka.token_command: it ends with code 127", "kafka.token_command"},
      {"group g: its coordinator does not answer; can the brokers make __consumer_offsets?",
       "offsets.topic.replication.factor"},
      {"no answer to the transaction that is under way", "look at the brokers"},
  };
  for (const auto& one : known) CHECK_MESSAGE(says(advice_for_kafka(one.why), one.advice), one.why);
}

TEST_CASE("E2: of each refused topic it is told what to do") {
  const auto refused = [](std::string_view why) {
    return advice_for_topic("topic t refuses records: " + std::string(why));
  };
  CHECK(says(refused("Broker: Topic authorization failed"), "the right Write"));
  CHECK(says(refused("Broker: Message size too large"), "max.message.bytes"));
  CHECK(says(refused("Broker: Unknown topic or partition"), "deleted"));
  CHECK(says(refused("Broker: Invalid record"), "mend the topic"));
  CHECK(says(advice_for_topic("topic t holds Avro records of this program, and a topic has one format"), "a new name"));
  CHECK(says(advice_for_topic("schema registry http://r:8081/: no answer"), "schema registry"));
}

TEST_CASE("of each way in which the API is away it is told what to do") {
  CHECK(says(advice_for_api("resolve api.test: Host not found (authoritative)"), "name service"));
  CHECK(says(advice_for_api("TLS handshake with api.test: certificate not trusted: self-signed certificate"),
             "api.ca_file"));
  CHECK(says(advice_for_api("TLS handshake with api.test: wrong version number"), "plain HTTP"));
  CHECK(says(advice_for_api("proxy p:3128: resolve p: Host not found"), "api.proxy"));
  CHECK(says(advice_for_api("proxy p:3128 refuses CONNECT to api.test:443 with 407"), "api.proxy"));
  CHECK(says(advice_for_api("connect to 127.0.0.1:9: Connection refused"), "the network"));
  CHECK(says(advice_for_api("GET /v4/data: 503 Maintenance Mode"), "nothing to do"));
}
