#include "telemetry/remedy.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

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
      {"k:9092: SSL handshake failed: error:0A000126:SSL routines::unexpected eof while reading", "security.protocol"},
      {"k:9092: SSL handshake failed: error:0A00010B:SSL routines::wrong version number", "security.protocol"},
      {"k:9093: SSL handshake failed: error:0A000086:SSL routines::certificate verify failed", "certificates"},
      {"k:9092: Disconnected: verify that security.protocol is correctly configured, broker might require SASL "
       "authentication",
       "security.protocol"},
      {"k:9093: Disconnected while requesting ApiVersion: might be caused by incorrect security.protocol "
       "configuration (connecting to a SSL listener?) or broker version is < 0.10 (see api.version.request)",
       "security.protocol"},
      {"kafka.token_command: it ends with code 127", "kafka.token_command"},
      {"group g: its coordinator does not answer; can the brokers make __consumer_offsets?",
       "offsets.topic.replication.factor"},
      {"Kafka took 11492 of 16714 records within kafka.message_timeout", "look at quotas"},
      {"topic p refuses records: Broker: Message size too large", "raise the topic's max.message.bytes"},
      {"no answer to the transaction that is under way", "look at the brokers"},
  };
  const auto* const servers = "k:9092,k:9093,127.0.0.1:9092,nowhere.invalid:9092";
  for (const auto& one : known) CHECK_MESSAGE(says(advice_for_kafka(one.why, servers), one.advice), one.why);
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
  CHECK(says(advice_for_api("GET /v4/data: read the answer: bad reason"), "in the API's place"));
  CHECK(says(advice_for_api("GET /v4/data: read the answer: end of stream"), "nothing to do"));
}

TEST_CASE("of an answer that is not the API's it is told what to look at, of its own failures nothing") {
  CHECK(says(advice_for_answer("GET /v4/data: 200 with an HTML page instead of JSON"), "api.base_url"));
  CHECK(says(advice_for_answer("GET /v4/data: 403 with an HTML page instead of JSON"), "api.base_url"));
  CHECK(says(advice_for_answer("GET /v4/data: read the answer: bad version"), "api.base_url"));
  CHECK(advice_for_answer("GET /v4/data: 502 with an HTML page instead of JSON").empty());
  CHECK(advice_for_answer("GET /v4/data: 500 Internal Server Error").empty());
}

TEST_CASE("brokers that name themselves by an address that cannot be reached are told from brokers that are away") {
  const std::string refused =
      "Kafka does not answer: 127.0.0.1:23871/1: Connect to ipv4#127.0.0.1:23871 failed: Connection refused";
  CHECK(advice_for_kafka(refused, "127.0.0.1:21471") ==
        "the brokers name themselves 127.0.0.1:23871 (advertised.listeners): start that one, or let it name an address "
        "that can be reached from here");
  CHECK(says(advice_for_kafka(refused, "127.0.0.1:21471, 127.0.0.1:23871"), "start the brokers"));
  CHECK(says(
      advice_for_kafka("b.internal:9092/2: Failed to resolve 'b.internal:9092': Name or service not known", "a:9092"),
      "name themselves b.internal:9092"));
  CHECK(says(advice_for_kafka("a:9092: Connect to ipv4#10.0.0.1:9092 failed: Connection refused", "SSL://a"),
             "start the brokers"));
  CHECK(says(advice_for_kafka("Connection refused", "a:9092"), "start the brokers"));
}

namespace {

// Each holds words by which causes are told; a deployment, a topic or a host may well be called so.
const std::vector<std::string> misleading_names = {"authorization",
                                                   "authentication",
                                                   "sasl",
                                                   "certificate",
                                                   "resolve",
                                                   "schema",
                                                   "no-right",
                                                   "ssl-handshake",
                                                   "too-large",
                                                   "proxy",
                                                   "unknown.topic",
                                                   "connect",
                                                   "unreachable",
                                                   "token_command",
                                                   "security.protocol.example",
                                                   "my-cluster-kafka-sasl-bootstrap",
                                                   "kafka-authentication.invalid",
                                                   "my.schema.v1"};

std::string with(std::string text, const std::string& name) {
  for (auto at = text.find('%'); at != std::string::npos; at = text.find('%', at + name.size()))
    text.replace(at, 1, name);
  return text;
}

struct told_cause {
  std::string_view why, advice;
};

}  // namespace

TEST_CASE("what a cause names is not what it says: hosts, topics, ids") {
  const told_cause of_kafka[] = {
      {"Kafka does not answer: %:9092: Failed to resolve '%:9092': Name or service not known", "mend the name service"},
      {"Kafka does not answer: %:9092: Connect to ipv4#10.0.0.1:9092 failed: Connection refused", "start the brokers"},
      {"%:9093: SSL handshake failed: Disconnected: connecting to a PLAINTEXT broker listener?", "security.protocol"},
      {"%:9092: SASL authentication error: Authentication failed", "user and password"},
      {"sasl_ssl://%:9093: SSL handshake failed: certificate verify failed", "the certificates"},
      {"no right to read the progress topic % (Topic authorization failed)", "give this user the right"},
      {"no right to read the group % (Group authorization failed)", "give this user the right"},
      {"deployment %: Broker: Transactional Id authorization failed", "give this user the right"},
      {"group %: its coordinator does not answer; can the brokers make __consumer_offsets?", "offsets.topic"},
      {"openelectricity.%: Timed out waiting for the transaction's end", "look at the brokers"},
      {"deployment %: Local: Timed out", "look at the brokers"},
      {"topic %: no leader", "look at the brokers"},
  };
  const told_cause of_topic[] = {
      {"topic % refuses records: Broker: Topic authorization failed", "the right Write"},
      {"topic % refuses records: Broker: Unknown topic or partition", "deleted"},
      {"topic % refuses records: Local: Message timed out", "mend the topic"},
      {"topic % holds Avro records of this program, and a topic has one format", "a new name"},
      {"schema registry http://%:8081/: no answer", "schema registry"},
      {"schema registry http://%/: no answer", "schema registry"},
  };
  const told_cause of_api[] = {
      {"GET /v4/data: resolve %: Host not found (authoritative)", "name service"},
      {"GET /v4/data: resolve %: no answer from the name service in time", "name service"},
      {"GET /v4/data: TLS handshake with %: certificate not trusted: self-signed certificate", "api.ca_file"},
      {"GET /v4/data: TLS handshake with %:443: stream truncated", "plain HTTP"},
      {"GET /v4/data: proxy %:3128: resolve %: Host not found", "api.proxy"},
      {"GET /v4/data: connect to 127.0.0.1:9: Connection refused", "the network"},
      {"GET /v4/%/data: 503 Maintenance Mode", "nothing to do"},
  };
  for (const auto& name : misleading_names) {
    for (const auto& one : of_kafka) {
      const auto why = with(std::string(one.why), name);
      const auto servers = std::string(name).append(":9092,").append(name).append(":9093");
      CHECK_MESSAGE(says(advice_for_kafka(why, servers), one.advice), why);
    }
    for (const auto& one : of_topic) {
      const auto why = with(std::string(one.why), name);
      CHECK_MESSAGE(says(advice_for_topic(why), one.advice), why);
    }
    for (const auto& one : of_api) {
      const auto why = with(std::string(one.why), name);
      CHECK_MESSAGE(says(advice_for_api(why), one.advice), why);
    }
  }
}

TEST_CASE("an API that takes requests and does not answer is looked for on the way to it") {
  CHECK(says(advice_for_api("GET https://a/v4/me: no answer within 15 s"), "a proxy or a firewall on the way"));
  CHECK(says(advice_for_api("GET /v4/data/network/NEM: wait for the answer: not in time"), "a firewall on the way"));
  CHECK(says(advice_for_api("resolve a: not in time"), "name service"));
}

TEST_CASE("a refused key with credits left was withdrawn, or others spent them") {
  const std::string_view refused =
      "GET /v4/data/network/NEM: 401 Unauthorized (the key has worked before: credits or …)";
  CHECK(says(advice_for_limit(refused, 4494, 4500), "the key was withdrawn"));
  CHECK(advice_for_limit(refused, 3, 4500) == advice_for_spent_credits);
  CHECK(advice_for_limit(refused, {}, {}) == advice_for_spent_credits);
  CHECK(advice_for_limit("429 Too Many Requests", 4494, 4500) == advice_for_spent_credits);
}
