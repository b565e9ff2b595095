#include "publish/settings_trial.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string_view>

#include "kafka/kafka_conf.hpp"
#include "kafka/new_client.hpp"
#include "model/utf8.hpp"
#include "publish/client_properties.hpp"

namespace oes {
namespace {

using kind = kafka_complaint::kind;

// Topic properties and aliases too, which rd_kafka_conf_dump() leaves out: the first column of the table that
// librdkafka writes for people.
std::vector<std::string> known_properties() {
  char* text = nullptr;
  std::size_t size = 0;
  std::FILE* const file = ::open_memstream(&text, &size);
  if (file == nullptr) return {};
  rd_kafka_conf_properties_show(file);
  std::fclose(file);
  const std::unique_ptr<char, decltype(&std::free)> owned(text, &std::free);
  std::vector<std::string> names;
  std::string_view rest(text, size);
  while (!rest.empty()) {
    const auto line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    const auto name = line.substr(0, line.find(' '));
    const bool is_row = line.find('|') != std::string_view::npos && name.find('.') != std::string_view::npos;
    if (is_row) names.emplace_back(name);
  }
  return names;
}

std::string value_of(const kafka_conf& conf, const char* name) {
  std::array<char, 512> text{};
  std::size_t size = text.size();
  if (rd_kafka_conf_get(conf.get(), name, text.data(), &size) != RD_KAFKA_CONF_OK) return {};
  return text.data();
}

// One by one: every wrong one is told, not only the first.
void try_properties(const publish_settings& settings, kafka_trial_outcome& out) {
  const kafka_conf conf(rd_kafka_conf_new());
  for (const auto& [name, value] : settings.properties) {
    std::array<char, 512> why{};
    const auto set = rd_kafka_conf_set(conf.get(), name.c_str(), value.c_str(), why.data(), why.size());
    if (set == RD_KAFKA_CONF_UNKNOWN) out.complaints.push_back({kind::unknown_property, name, {}});
    if (set == RD_KAFKA_CONF_INVALID) out.complaints.push_back({kind::wrong, name, why.data()});
  }
}

bool given(const publish_settings& settings, std::string_view begin) {
  return std::any_of(settings.properties.begin(), settings.properties.end(),
                     [begin](const auto& property) { return property.first.starts_with(begin); });
}

// What librdkafka takes without a word, and then never uses, or cannot log in with.
void try_combination(const publish_settings& settings, const kafka_conf& conf, kafka_trial_outcome& out) {
  const auto protocol = ascii_lower(value_of(conf, "security.protocol"));
  const bool sasl = protocol.starts_with("sasl");
  if (!sasl && given(settings, "sasl.")) {
    out.complaints.push_back(
        {kind::likely_mistake,
         {},
         "sasl.* is given, but security.protocol is " + protocol + ": nobody logs in (sasl_ssl is usual)"});
  }
  if (!protocol.ends_with("ssl") && given(settings, "ssl.")) {
    out.complaints.push_back(
        {kind::likely_mistake, {}, "ssl.* is given, but security.protocol is " + protocol + ": nothing is encrypted"});
  }
  const bool token_source = ascii_lower(value_of(conf, "sasl.oauthbearer.method")) == "oidc" ||
                            value_of(conf, "enable.sasl.oauthbearer.unsecure.jwt") == "true" ||
                            !value_of(conf, token_command_property).empty();
  if (sasl && ascii_lower(value_of(conf, "sasl.mechanisms")) == "oauthbearer" && !token_source) {
    out.complaints.push_back(
        {kind::wrong, "sasl.mechanisms",
         "OAUTHBEARER has no source of tokens: set kafka.token_command, or sasl.oauthbearer.method to "
         "oidc with sasl.oauthbearer.token.endpoint.url, .client.id and .client.secret"});
  }
}

void say_nothing(const rd_kafka_t* /*client*/, int /*level*/, const char* /*facility*/, const char* /*text*/) {}

// nullopt: such a client can be.
std::optional<std::string> try_client(rd_kafka_type_t type, kafka_properties properties) {
  properties.emplace_back("bootstrap.servers", "");
  auto conf = make_conf(properties);
  if (!conf) return conf.error().context;
  rd_kafka_conf_set_log_cb(conf->get(), say_nothing);
  std::array<char, 512> why{};
  const kafka_client client(rd_kafka_new(type, conf->get(), why.data(), why.size()));
  // No memory or threads: that says nothing of the settings.
  if (!client && rd_kafka_last_error() == RD_KAFKA_RESP_ERR__CRIT_SYS_RESOURCE) return std::nullopt;
  if (!client) return std::string(why.data());
  (void)conf->release();  // owned by the client now
  return std::nullopt;
}

}  // namespace

kafka_trial_outcome try_kafka_settings(const publish_settings& settings) {
  kafka_trial_outcome out;
  try_properties(settings, out);
  if (!out.complaints.empty()) {
    const bool unknown = std::any_of(out.complaints.begin(), out.complaints.end(),
                                     [](const kafka_complaint& one) { return one.is == kind::unknown_property; });
    if (unknown) out.known_properties = known_properties();
    return out;
  }
  const auto producer = producer_properties(settings, "check-config");
  if (const auto conf = make_conf(producer)) try_combination(settings, *conf, out);
  auto wrong = try_client(RD_KAFKA_PRODUCER, producer);
  if (!wrong) wrong = try_client(RD_KAFKA_CONSUMER, member_properties(settings, "check-config"));
  if (wrong) out.complaints.push_back({kind::wrong, {}, *wrong});
  return out;
}

}  // namespace oes
