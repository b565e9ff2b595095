#pragma once
// What a client's callbacks find behind its opaque pointer. It lives as long as librdkafka has a thread of the client,
// which may be long after the client's owner and its log are gone: then it says nothing more.
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "kafka/broker_cause.hpp"
#include "model/redactor.hpp"
#include "telemetry/log.hpp"

namespace oes {

class kafka_client_log;

/// From any thread.
class client_voice {
 public:
  client_voice(logger& log, std::string client, kafka_client_log& owner)
      : log_(&log), client_(std::move(client)), owner_(owner) {}

  void hide(std::string_view secret);
  /// `level` as in syslog, `facility` and `text` are librdkafka's.
  void line(int level, std::string_view facility, std::string_view told);
  /// The owner goes. When this returns, nobody is in its log.
  void fall_silent();

  [[nodiscard]] std::string heard_lately() const;
  [[nodiscard]] std::string transaction_line() const;
  /// Only in callbacks that the owner's own calls serve (deliveries, statistics): else it may be gone.
  [[nodiscard]] kafka_client_log& owner() const { return owner_; }

 private:
  mutable std::mutex mutex_;
  logger* log_;  ///< nullptr: silent
  std::string client_;
  kafka_client_log& owner_;
  redactor secrets_{{}, redactor::finds::whole};
  cause_memory causes_;
  std::string transaction_line_;
  bool transaction_line_names_ = false;
};

}  // namespace oes
