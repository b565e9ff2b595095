#include <algorithm>
#include <array>
#include <utility>

#include "config/checks.hpp"
#include "config/nearest.hpp"

namespace oes {
namespace {

using reason = std::pair<std::string_view, std::string_view>;
constexpr std::string_view no_serializer = "a name of Java's client; records are JSON, nothing has to be set";

// Names that Java's client knows and librdkafka does not.
constexpr auto java_names = std::to_array<reason>({
    {"sasl.jaas.config", "set sasl.username and sasl.password instead"},
    {"sasl.login.class", "set sasl.mechanism and what belongs to it instead"},
    {"sasl.login.callback.handler.class", "for OAUTHBEARER set sasl.oauthbearer.method: oidc instead"},
    {"sasl.client.callback.handler.class", "set sasl.mechanism and what belongs to it instead"},
    {"sasl.oauthbearer.jwks.endpoint.url", "a setting of brokers"},
    {"ssl.truststore.location", "set ssl.ca.location to a PEM file of the authority's certificate instead"},
    {"ssl.truststore.password", "ssl.ca.location, a PEM file, needs no password"},
    {"ssl.truststore.type", "ssl.ca.location is always PEM"},
    {"ssl.truststore.certificates", "set ssl.ca.pem instead"},
    {"ssl.keystore.type",
     "ssl.keystore.location is always PKCS#12; PEM files go into ssl.certificate.location and "
     "ssl.key.location"},
    {"ssl.keystore.key", "set ssl.key.pem instead"},
    {"ssl.keystore.certificate.chain", "set ssl.certificate.pem instead"},
    {"ssl.enabled.protocols", "TLS 1.2 and newer are used"},
    {"ssl.protocol", "TLS 1.2 and newer are used"},
    {"ssl.provider", "OpenSSL is used"},
    {"key.serializer", no_serializer},
    {"value.serializer", no_serializer},
    {"key.deserializer", no_serializer},
    {"value.deserializer", no_serializer},
    {"buffer.memory", "write it as kafka.queue_size"},
    {"max.request.size", "set message.max.bytes instead"},
    {"max.block.ms", "the daemon waits by itself"},
    {"max.poll.records", "nothing is consumed in batches here"},
    {"send.buffer.bytes", "set socket.send.buffer.bytes instead"},
    {"receive.buffer.bytes", "set socket.receive.buffer.bytes instead"},
    {"fetch.max.wait.ms", "set fetch.wait.max.ms instead"},
    {"interceptor.classes", "there are no Java classes here"},
    {"metric.reporters", "metrics are at /metrics"},
    {"partitioner.class", "the daemon keeps murmur2_random, which places keys as Java's client does"},
});

struct place {
  source_position at;
  std::string key;
};

place place_of(const setting& properties, std::string_view name) {
  if (const auto* all = std::get_if<property_list>(&properties.value)) {
    for (std::size_t i = 0; i < all->size() && i < properties.property_at.size(); ++i) {
      if ((*all)[i].first == name) return {properties.property_at[i], properties.key + "." + (*all)[i].first};
    }
  }
  return {properties.at, properties.key};
}

// librdkafka knows some of Java's names, only to say that it does not take them.
std::string complaint_of(const kafka_complaint& one, const std::vector<std::string>& known) {
  const auto java =
      std::find_if(java_names.begin(), java_names.end(), [&](const reason& row) { return row.first == one.property; });
  if (java != java_names.end()) return "a property of Java's client, not of librdkafka: " + std::string(java->second);
  if (one.is == kafka_complaint::kind::unknown_property) {
    return "no property of librdkafka" + did_you_mean(one.property, known);
  }
  return one.text;
}

}  // namespace

void check_kafka(const check_subject& subject, const check_means& means, problem_log& log) {
  const auto& properties = subject.settings.daemon.at("kafka.properties");
  if (properties.refused) return;
  const auto tried = means.try_kafka(subject.config.publish);
  for (const auto& one : tried.complaints) {
    const auto where = place_of(properties, one.property);
    const auto text = complaint_of(one, tried.known_properties);
    one.is == kafka_complaint::kind::likely_mistake ? log.warn(where.at, where.key, text)
                                                    : log.fault(where.at, where.key, text);
  }
}

}  // namespace oes
