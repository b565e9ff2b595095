#include "kafka/kafka_client.hpp"

#include <utility>

#include "kafka/fault.hpp"
#include "kafka/new_client.hpp"

namespace oes {
namespace {

// Codes that only say that nobody answered.
bool says_little(rd_kafka_resp_err_t code) {
  switch (static_cast<int>(code)) {
    case RD_KAFKA_RESP_ERR__TRANSPORT:
    case RD_KAFKA_RESP_ERR__TIMED_OUT:
    case RD_KAFKA_RESP_ERR__MSG_TIMED_OUT:
    case RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE:
    case RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN:
    case RD_KAFKA_RESP_ERR__RESOLVE:
    case RD_KAFKA_RESP_ERR__AUTHENTICATION:
    case RD_KAFKA_RESP_ERR__SSL:
    case RD_KAFKA_RESP_ERR__WAIT_COORD:
      return true;
    default:
      return false;
  }
}

constexpr const char* secret_properties[] = {"sasl.password",         "ssl.key.password",
                                             "ssl.keystore.password", "sasl.oauthbearer.client.secret",
                                             "ssl.key.pem",           "sasl.oauthbearer.config"};

// Empty where this librdkafka has no such property.
std::string value_of(const rd_kafka_conf_t* conf, const char* name) {
  std::size_t size = 0;
  if (rd_kafka_conf_get(conf, name, nullptr, &size) != RD_KAFKA_CONF_OK || size == 0) return {};
  std::string value(size, '\0');
  if (rd_kafka_conf_get(conf, name, value.data(), &size) != RD_KAFKA_CONF_OK) return {};
  value.resize(std::char_traits<char>::length(value.c_str()));
  return value;
}

void on_log(const rd_kafka_t* client, int level, const char* facility, const char* text) {
  auto* voice = static_cast<client_voice*>(rd_kafka_opaque(client));
  if (voice != nullptr) voice->line(level, facility, text);
}

}  // namespace

kafka_client_log::kafka_client_log(logger& log, std::string client)
    : voice_(std::make_shared<client_voice>(log, std::move(client), *this)) {}

kafka_client_log::~kafka_client_log() { voice_->fall_silent(); }

kafka_client_log& owner_of(const rd_kafka_t* client) {
  return static_cast<const client_voice*>(rd_kafka_opaque(client))->owner();
}

std::string kafka_client_log::reason(rd_kafka_resp_err_t failed) const {
  auto heard = says_little(failed) ? heard_lately() : std::string();
  return heard.empty() ? rd_kafka_err2str(failed) : heard;
}

result<kafka_client> start_client(rd_kafka_type_t type, kafka_conf conf, const kafka_client_log& lines) {
  rd_kafka_conf_set_opaque(conf.get(), lines.voice_.get());
  for (const auto* name : secret_properties) lines.voice_->hide(value_of(conf.get(), name));
  std::string why;
  auto client = new_client<on_log>(type, std::move(conf), why);
  if (!client) return fault(errc::kafka_unavailable, "no client of Kafka can be made: " + why);
  client.get_deleter().opaque = lines.voice_;
  return client;
}

}  // namespace oes
