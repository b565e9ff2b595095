#pragma once
// Why Kafka does not answer, in the broker's or the network's own words. librdkafka's calls then only say "Broker
// transport failure" or "Timed out"; the reason goes by in its log. Pure.
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace oes {

/// What a log line tells about the connection to a broker.
struct broker_cause {
  /// In rising order of what it explains: one broker that is down is no news beside a password that all refuse.
  enum class kind { connection, protocol, name, tls, authorization, authentication } what = kind::connection;
  std::string text;  ///< `kafka-1:9092: SASL authentication error: … Invalid username or password`
};

/// librdkafka's line without its threads, roles and states: `kafka-1:9092: what`.
std::string plain_line(std::string_view text);

/// nullopt: a line that explains nothing. `facility` and `text` are librdkafka's.
std::optional<broker_cause> cause_in(std::string_view facility, std::string_view text);

/// Remembers the most telling of the last minute.
class cause_memory {
 public:
  using time_point = std::chrono::steady_clock::time_point;
  void heard(broker_cause cause, time_point now);
  /// Empty: none that is recent.
  [[nodiscard]] std::string recent(time_point now) const;

 private:
  std::optional<broker_cause> known_;
  time_point at_;
};

}  // namespace oes
