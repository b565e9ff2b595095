#include "progress/kafka_consumer.hpp"

#include <array>
#include <utility>

namespace oes {
namespace {

using error_text = std::array<char, 512>;

void pass_log(const rd_kafka_t* handle, int /*level*/, const char* facility, const char* text) {
  // At debug only: what matters comes back as the reader's error, and a broker that is away would fill the log.
  auto* log = static_cast<logger*>(rd_kafka_opaque(handle));
  log->debug("librdkafka, reading progress", {{"facility", facility}, {"text", text}});
}

enum class when_unknown { refuse, skip };

result<void> set(rd_kafka_conf_t* conf, const std::string& key, const std::string& value, when_unknown unknown) {
  error_text text{};
  const auto answer = rd_kafka_conf_set(conf, key.c_str(), value.c_str(), text.data(), text.size());
  if (answer == RD_KAFKA_CONF_OK || (answer == RD_KAFKA_CONF_UNKNOWN && unknown == when_unknown::skip)) return {};
  return error{errc::kafka_refused, "kafka.properties: " + std::string(text.data())};
}

}  // namespace

result<kafka_client> open_consumer(const progress_settings& settings, isolation level, logger& log) {
  kafka_conf conf(rd_kafka_conf_new());
  for (const auto& [key, value] : settings.properties) {
    const auto done = set(conf.get(), key, value, when_unknown::refuse);
    if (!done) return done.error();
  }
  const std::pair<std::string, std::string> ours[] = {
      {"bootstrap.servers", settings.bootstrap_servers},
      {"isolation.level", level == isolation::read_committed ? "read_committed" : "read_uncommitted"},
      {"enable.partition.eof", "true"},
      {"enable.auto.commit", "false"},
      {"enable.auto.offset.store", "false"},
      {"auto.offset.reset", "error"},
      {"allow.auto.create.topics", "false"},
      {"check.crcs", "true"},
      // The default of 500 ms would be waited for in full before the end of the partition is reported.
      {"fetch.wait.max.ms", "10"},
      {"fetch.min.bytes", "1"},
      {"fetch.error.backoff.ms", "20"},
      {"fetch.queue.backoff.ms", "10"},  // from librdkafka 2.2
      {"reconnect.backoff.ms", "50"},
      {"reconnect.backoff.max.ms", "1000"},
      {"socket.nagle.disable", "true"},
      {"topic.metadata.refresh.fast.interval.ms", "50"},
      // From librdkafka 2.5: with it on, rd_kafka_destroy() now and then takes a second (see publish/kafka_conf.cpp).
      {"enable.metrics.push", "false"},
  };
  for (const auto& [key, value] : ours) {
    const auto done = set(conf.get(), key, value, when_unknown::skip);
    if (!done) return done.error();
  }
  rd_kafka_conf_set_opaque(conf.get(), &log);
  rd_kafka_conf_set_log_cb(conf.get(), pass_log);
  error_text text{};
  auto* handle = rd_kafka_new(RD_KAFKA_CONSUMER, conf.get(), text.data(), text.size());
  if (handle == nullptr) {
    return error{errc::kafka_unavailable, "no client of Kafka can be made: " + std::string(text.data())};
  }
  (void)conf.release();  // rd_kafka_new took it
  return kafka_client(handle);
}

}  // namespace oes
