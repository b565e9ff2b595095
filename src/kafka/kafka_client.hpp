#pragma once
// Starts a librdkafka client whose log lines go to our log, and whose reasons are remembered.
#include <mutex>
#include <string>
#include <string_view>

#include "async/clock.hpp"
#include "kafka/broker_cause.hpp"
#include "kafka/kafka_handle.hpp"
#include "model/error.hpp"
#include "model/redactor.hpp"
#include "telemetry/log.hpp"

namespace oes {

/// What librdkafka's callbacks find behind a client's opaque pointer; must outlive the client. Owners derive from it.
/// The lines themselves are for debugging: a broker that is away would fill the log. What they explain is told by who
/// made the call that failed (`reason`).
class kafka_client_log {
 public:
  kafka_client_log(logger& log, std::string client) : log_(log), client_(std::move(client)) {}
  /// What must not be shown, should a broker repeat it: of the properties, before the client is made, and whatever
  /// takes their place.
  void hide(std::string_view secret);
  /// From any thread. `level` as in syslog, `facility` and `text` are librdkafka's.
  void line(int level, std::string_view facility, std::string_view told);
  /// Why a call of this client failed so: the broker's own reason where one was heard lately and the code says no more
  /// than that the broker cannot be reached, else librdkafka's text for the code.
  [[nodiscard]] std::string reason(rd_kafka_resp_err_t failed) const;
  /// The broker's own reason, heard lately; empty: none.
  [[nodiscard]] std::string heard_lately() const;
  /// The line about the transaction that failed, of a client that is replaced behind it: it names the topic, where the
  /// records only say they were purged.
  [[nodiscard]] std::string transaction_line() const;

 private:
  logger& log_;
  std::string client_;
  mutable std::mutex mutex_;
  redactor secrets_{{}, redactor::finds::whole};
  cause_memory causes_;
  std::string transaction_line_;
  bool transaction_line_names_ = false;
};

/// Takes the conf. kafka_unavailable with librdkafka's reason: the settings have made such a client before the start
/// (settings_trial), so what is missing now (a certificate that is being replaced, memory, threads) may come back.
result<kafka_client> start_client(rd_kafka_type_t type, kafka_conf conf, kafka_client_log& opaque);

}  // namespace oes
