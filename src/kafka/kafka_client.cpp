#include "kafka/kafka_client.hpp"

#include <chrono>
#include <utility>

#include "async/clock.hpp"
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
  auto* log = static_cast<kafka_client_log*>(rd_kafka_opaque(client));
  if (log != nullptr) {
    log->line(level, facility, text);
  }
}

}  // namespace

void kafka_client_log::hide(std::string_view secret) {
  const std::lock_guard lock(mutex_);
  secrets_.add(secret);
}

void kafka_client_log::line(int level, std::string_view facility, std::string_view told) {
  const std::lock_guard lock(mutex_);
  const auto text = secrets_.clean(std::string(told));
  log_.debug("librdkafka", {{"client", client_}, {"level", level}, {"facility", facility}, {"text", text}});
  auto cause = cause_in(facility, text);
  if (cause) causes_.heard(std::move(*cause), steady_now());
  // The first that names a topic stays: TXNERR follows with the same cause and no name.
  const bool names_culprit = facility == "ADDPARTS" && text.find("not attempted") == std::string::npos;
  if (names_culprit && !transaction_line_names_) {
    transaction_line_ = plain_line(text);
    transaction_line_names_ = true;
  } else if (facility == "TXNERR" && transaction_line_.empty()) {
    transaction_line_ = plain_line(text);
  }
}

std::string kafka_client_log::heard_lately() const {
  const std::lock_guard lock(mutex_);
  return causes_.recent(steady_now());
}

std::string kafka_client_log::reason(rd_kafka_resp_err_t failed) const {
  auto heard = says_little(failed) ? heard_lately() : std::string();
  return heard.empty() ? rd_kafka_err2str(failed) : heard;
}

std::string kafka_client_log::transaction_line() const {
  const std::lock_guard lock(mutex_);
  return transaction_line_;
}

result<kafka_client> start_client(rd_kafka_type_t type, kafka_conf conf, kafka_client_log& opaque) {
  rd_kafka_conf_set_opaque(conf.get(), &opaque);
  for (const auto* name : secret_properties) opaque.hide(value_of(conf.get(), name));
  std::string why;
  auto client = new_client<on_log>(type, std::move(conf), why);
  if (!client) return fault(errc::kafka_unavailable, "no client of Kafka can be made: " + why);
  return client;
}

}  // namespace oes
