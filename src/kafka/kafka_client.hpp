#pragma once
// Starts a librdkafka client whose log lines go to our log, and whose reasons are remembered.
#include <memory>
#include <string>
#include <string_view>

#include "kafka/client_voice.hpp"
#include "kafka/kafka_handle.hpp"
#include "model/error.hpp"
#include "telemetry/log.hpp"

namespace oes {

/// The log of a client, for its owner, who derives from it. The lines themselves are for debugging: a broker that is
/// away would fill the log. What they explain is told by who made the call that failed (`reason`).
class kafka_client_log {
 public:
  kafka_client_log(logger& log, std::string client);
  /// What is left of the client says nothing more.
  ~kafka_client_log();
  kafka_client_log(const kafka_client_log&) = delete;
  kafka_client_log& operator=(const kafka_client_log&) = delete;
  /// What must not be shown, should a broker repeat it: of the properties, before the client is made, and whatever
  /// takes their place.
  void hide(std::string_view secret) { voice_->hide(secret); }
  /// From any thread. `level` as in syslog, `facility` and `text` are librdkafka's.
  void line(int level, std::string_view facility, std::string_view told) { voice_->line(level, facility, told); }
  /// Why a call of this client failed so: the broker's own reason where one was heard lately and the code says no more
  /// than that the broker cannot be reached, else librdkafka's text for the code.
  [[nodiscard]] std::string reason(rd_kafka_resp_err_t failed) const;
  /// The broker's own reason, heard lately; empty: none.
  [[nodiscard]] std::string heard_lately() const { return voice_->heard_lately(); }
  /// The line about the transaction that failed, of a client that is replaced after it: it names the topic, where the
  /// records only say they were purged.
  [[nodiscard]] std::string transaction_line() const { return voice_->transaction_line(); }

 private:
  friend result<kafka_client> start_client(rd_kafka_type_t type, kafka_conf conf, const kafka_client_log& lines);

  std::shared_ptr<client_voice> voice_;  ///< shared with the client, which may outlive its owner
};

/// Of a client of start_client(), while its owner is there: in callbacks that the owner's own calls serve, and during
/// these.
kafka_client_log& owner_of(const rd_kafka_t* client);

/// Takes the conf. kafka_unavailable with librdkafka's reason: the settings have made such a client before the start
/// (settings_trial), so what is missing now (a certificate that is being replaced, memory, threads) may come back.
result<kafka_client> start_client(rd_kafka_type_t type, kafka_conf conf, const kafka_client_log& lines);

}  // namespace oes
