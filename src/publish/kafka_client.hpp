#pragma once
// Starts a librdkafka client whose log lines and general errors go to our log.
#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "async/clock.hpp"
#include "model/error.hpp"
#include "publish/kafka_handle.hpp"
#include "telemetry/log.hpp"

namespace oes {

/// What librdkafka's callbacks find behind a client's opaque pointer; must outlive the client. Owners derive from it.
/// Repeated lines (a broker that stays away) are let through once in a while.
class kafka_client_log {
 public:
  kafka_client_log(logger& log, std::string client) : log_(log), client_(std::move(client)) {}
  /// From any thread. `level` as in syslog, `facility` and `text` are librdkafka's.
  void line(int level, std::string_view facility, std::string_view text);

 private:
  bool due(std::string_view facility);

  logger& log_;
  std::string client_;
  std::mutex mutex_;
  std::map<std::string, steady_time, std::less<>> last_;
};

/// Takes the conf. kafka_refused with librdkafka's reason where the properties contradict each other.
result<kafka_client> start_client(rd_kafka_type_t type, kafka_conf conf, kafka_client_log& opaque);

}  // namespace oes
