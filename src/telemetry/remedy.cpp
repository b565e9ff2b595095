#include "telemetry/remedy.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace oes {
namespace {

// `word` in the cause, in lower case, tells the trouble.
struct cure {
  std::string_view word;
  std::string_view advice;
};

constexpr std::string_view no_kafka = "look at the brokers, and at the network on the way to them";
constexpr std::string_view no_name = "correct kafka.bootstrap_servers, or mend the name service (DNS)";
constexpr std::string_view no_login = "correct user and password under kafka.properties, then reload";
constexpr std::string_view no_right = "give this user the right (docs/operations.md, Kafka)";
constexpr std::string_view no_protocol = "correct security.protocol under kafka.properties, then restart";
constexpr std::string_view no_trust = "correct the certificates, ssl.… under kafka.properties, then reload";
constexpr std::string_view no_broker = "start the brokers, or correct kafka.bootstrap_servers";
constexpr std::string_view no_groups = "let the brokers make their own topics (offsets.topic.replication.factor)";
constexpr std::string_view no_token = "mend kafka.token_command";

// The first that is found decides: a cause may name a right or a login and, behind it, the connection.
constexpr auto of_kafka = std::to_array<cure>({
    {"token_command", no_token},
    {"no right", no_right},
    {"authorization", no_right},
    {"security.protocol", no_protocol},
    {"plaintext broker", no_protocol},
    {"authentication", no_login},
    {"invalid username", no_login},
    {"resolve", no_name},
    {"certificate", no_trust},
    {"ssl handshake", no_trust},
    {"sasl", no_login},
    {"coordinator does not answer", no_groups},
    {"connection refused", no_broker},
    {"connect to", no_broker},
});

constexpr auto of_topic = std::to_array<cure>({
    {"authorization", "give this user the right Write on the topic (docs/operations.md, Kafka)"},
    {"too large", "raise the topic's max.message.bytes"},
    {"unknown topic", "the topic was deleted: docs/troubleshooting.md, Kafka errors, has the way out"},
    {"has one format", "give the stream another topic and a new name"},
    {"schema", "mend the schema registry, or what it holds (docs/operations.md, A schema registry)"},
});

constexpr auto of_api = std::to_array<cure>({
    {"proxy ", "correct the proxy (api.proxy, or HTTPS_PROXY)"},
    {"resolve", "correct api.base_url, or mend the name service (DNS)"},
    {"certificate", "name the authority in api.ca_file, or set this host's clock"},
    {"tls handshake", "look at what answers in the API's place: a proxy, or plain HTTP"},
    {"connect", "look at the network and at the firewall, or correct api.base_url"},
    {"unreachable", "look at the network and at the firewall, or correct api.base_url"},
});

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string_view found(std::string_view why, std::span<const cure> cures, std::string_view otherwise) {
  for (const auto& one : cures) {
    const auto at = std::search(why.begin(), why.end(), one.word.begin(), one.word.end(),
                                [](char said, char word) { return lower(said) == word; });
    if (at != why.end()) return one.advice;
  }
  return otherwise;
}

}  // namespace

std::string_view advice_for_kafka(std::string_view why) { return found(why, of_kafka, no_kafka); }

std::string_view advice_for_topic(std::string_view why) {
  return found(why, of_topic, "mend the topic, its settings or its rights");
}

std::string_view advice_for_api(std::string_view why) {
  return found(why, of_api, "nothing to do here, and nothing is lost");
}

}  // namespace oes
