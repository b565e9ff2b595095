#include "telemetry/remedy.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "telemetry/cause_words.hpp"

namespace oes {
namespace {

// `word` among the cause's words (cause_words.hpp), in lower case, tells the trouble.
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
constexpr std::string_view no_room = "raise the topic's max.message.bytes";
constexpr std::string_view no_pace =
    "look at quotas and at the network on the way to the brokers, or lower kafka.max_transaction_size, or raise "
    "kafka.message_timeout";
constexpr std::string_view no_token = "mend kafka.token_command";
constexpr std::string_view no_api = "look at what answers in the API's place: a proxy, or api.base_url";

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
    {"unexpected eof", no_protocol},
    {"wrong version number", no_protocol},
    {"certificate", no_trust},
    {"ssl handshake", no_trust},
    {"sasl", no_login},
    {"too large", no_room},
    {"records within", no_pace},
    {"coordinator does not answer", no_groups},
    {"connection refused", no_broker},
    {"connect to", no_broker},
});

constexpr auto of_topic = std::to_array<cure>({
    {"authorization", "give this user the right Write on the topic (docs/operations.md, Kafka)"},
    {"too large", no_room},
    {"records within", no_pace},
    {"unknown topic", "the topic was deleted: docs/troubleshooting.md, Kafka errors, has the way out"},
    {"has one format", "give the stream another topic and a new name"},
    {"schema", "mend the schema registry, or what it holds (docs/operations.md, A schema registry)"},
});

// What answers is not the API. A gateway's own page of its 502 and the like is none of these: it waits for the API too.
constexpr auto of_answer = std::to_array<cure>({
    {"200 with an html page", no_api},
    {"200 without a json body", no_api},
    {"403 with an html page", no_api},
    {"404 with an html page", no_api},
    {"read the answer bad", no_api},  // Beast's bad version, bad reason, bad line ending
});

constexpr std::string_view no_word = "look at the network, and at a proxy or a firewall on the way; nothing is lost";

constexpr auto of_api = std::to_array<cure>({
    {"proxy ", "correct the proxy (api.proxy, or HTTPS_PROXY)"},
    {"resolve", "correct api.base_url, or mend the name service (DNS)"},
    {"certificate", "name the authority in api.ca_file, or set this host's clock"},
    {"tls handshake", "look at what answers in the API's place: a proxy, or plain HTTP"},
    {"connect", "look at the network and at the firewall, or correct api.base_url"},
    {"unreachable", "look at the network and at the firewall, or correct api.base_url"},
    {"not in time", no_word},
    {"no answer within", no_word},
});

std::string_view found(std::string_view words, std::span<const cure> cures, std::string_view otherwise) {
  for (const auto& one : cures) {
    if (words.find(one.word) != std::string_view::npos) return one.advice;
  }
  return otherwise;
}

// A port that is not told is Kafka's own.
bool is_among(std::string_view broker, std::string_view bootstrap) {
  while (!bootstrap.empty()) {
    auto one = bootstrap.substr(0, bootstrap.find(','));
    bootstrap.remove_prefix(std::min(one.size() + 1, bootstrap.size()));
    const auto scheme = one.find("://");
    if (scheme != std::string_view::npos) one.remove_prefix(scheme + 3);
    one.remove_prefix(std::min(one.find_first_not_of(' '), one.size()));
    one = one.substr(0, one.find_last_not_of(' ') + 1);
    if (one == broker || std::string(one) + ":9092" == broker) return true;
  }
  return false;
}

}  // namespace

std::string advice_for_kafka(std::string_view why, std::string_view bootstrap) {
  const auto advice = found(cause_words(why), of_kafka, no_kafka);
  const auto broker = named_broker(why);
  // It is known from those that could be reached.
  const bool is_told_of = !broker.empty() && !is_among(broker, bootstrap);
  if (!is_told_of || (advice != no_broker && advice != no_name)) return std::string(advice);
  return "the brokers name themselves " + std::string(broker) +
         " (advertised.listeners): start that one, or let it name an address that can be reached from here";
}

std::string_view advice_for_topic(std::string_view why) {
  return found(cause_words(why), of_topic, "mend the topic, its settings or its rights");
}

std::string_view advice_for_api(std::string_view why) {
  const auto words = cause_words(why);
  return found(words, of_answer, found(words, of_api, "nothing to do here, and nothing is lost"));
}

std::string_view advice_for_limit(std::string_view why, std::optional<std::int64_t> left,
                                  std::optional<std::int64_t> per_day) {
  constexpr std::int64_t few = 20;  // a twentieth: the API may count others' requests before we hear of them
  const bool has_credits = left && per_day && *left > *per_day / few;
  if (why.find("others have spent") != std::string_view::npos) return advice_for_others;
  const auto words = cause_words(why);
  const bool of_the_key = words.find("401 ") != std::string::npos || words.find("403 ") != std::string::npos;
  return has_credits && of_the_key ? advice_for_refused_key : advice_for_spent_credits;
}

std::string_view advice_for_answer(std::string_view why) { return found(cause_words(why), of_answer, ""); }

}  // namespace oes
