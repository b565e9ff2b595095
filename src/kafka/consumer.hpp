#pragma once
// A consumer without a group, tuned for short reads and questions: it needs no right but to read.
#include <memory>

#include "kafka/connection_settings.hpp"
#include "kafka/kafka_client.hpp"
#include "model/error.hpp"
#include "telemetry/log.hpp"

namespace oes {

enum class consumer_pace {
  quick,   ///< the end of a partition is told at once; for reads that are soon over
  steady,  ///< an idle partition is asked some times a second; for who follows it
};

kafka_properties consumer_properties(const connection_settings& settings, isolation_level level,
                                     consumer_pace pace = consumer_pace::quick);

class kafka_consumer final : public kafka_client_log {
 public:
  /// kafka_refused: a property is wrong; kafka_unavailable: none can be made just now (kafka_client.hpp).
  static result<std::unique_ptr<kafka_consumer>> open(const connection_settings& settings, isolation_level level,
                                                      logger& log, consumer_pace pace = consumer_pace::quick);
  [[nodiscard]] rd_kafka_t* get() const { return client_.get(); }

 private:
  explicit kafka_consumer(logger& log) : kafka_client_log(log, "reader") {}

  kafka_client client_;
};

}  // namespace oes
