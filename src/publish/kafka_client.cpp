#include "publish/kafka_client.hpp"

#include <array>

#include "async/clock.hpp"
#include "publish/fault.hpp"

namespace oes {
namespace {

constexpr int syslog_warning = 4;
constexpr auto repeat_after = std::chrono::seconds(30);

void on_log(const rd_kafka_t* client, int level, const char* facility, const char* text) {
  auto* log = static_cast<kafka_client_log*>(rd_kafka_opaque(client));
  if (log != nullptr) {
    log->line(level, facility, text);
  }
}

}  // namespace

bool kafka_client_log::due(std::string_view facility) {
  const auto now = steady_now();
  const std::lock_guard lock(mutex_);
  const auto known = last_.find(facility);
  if (known != last_.end() && now - known->second < repeat_after) {
    return false;
  }
  last_.insert_or_assign(std::string(facility), now);
  return true;
}

void kafka_client_log::line(int level, std::string_view facility, std::string_view text) {
  // CONFWARN: a property of the other kind of client; the operator's properties go to all of them.
  if (level > syslog_warning || facility == "CONFWARN") {
    log_.debug("librdkafka", {{"client", client_}, {"facility", facility}, {"text", text}});
  } else if (due(facility)) {
    log_.warn("librdkafka", {{"client", client_}, {"facility", facility}, {"text", text}});
  }
}

result<kafka_client> start_client(rd_kafka_type_t type, kafka_conf conf, kafka_client_log& opaque) {
  rd_kafka_conf_set_opaque(conf.get(), &opaque);
  rd_kafka_conf_set_log_cb(conf.get(), on_log);
  std::array<char, 512> why{};
  kafka_client client(rd_kafka_new(type, conf.get(), why.data(), why.size()));
  if (!client) {
    return fault(errc::kafka_refused, std::string("kafka client: ") + why.data());
  }
  (void)conf.release();  // owned by the client now
  return client;
}

}  // namespace oes
