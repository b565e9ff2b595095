#pragma once
// Inside of progress/: librdkafka's consumer handles as values that clean up, tuned for short reads.
#include <librdkafka/rdkafka.h>

#include <memory>
#include <string>

#include "model/error.hpp"
#include "progress/kafka_progress.hpp"

namespace oes {

struct kafka_handle_closer {
  void operator()(rd_kafka_t* handle) const { rd_kafka_destroy(handle); }
  void operator()(rd_kafka_topic_t* topic) const { rd_kafka_topic_destroy(topic); }
  void operator()(rd_kafka_message_t* message) const { rd_kafka_message_destroy(message); }
  void operator()(const rd_kafka_metadata_t* metadata) const { rd_kafka_metadata_destroy(metadata); }
  void operator()(rd_kafka_conf_t* conf) const { rd_kafka_conf_destroy(conf); }
};
template <class T>
using kafka_ptr = std::unique_ptr<T, kafka_handle_closer>;

enum class isolation { read_committed, read_uncommitted };

/// A consumer without a group: it needs no right but to read the topic. errc::kafka_refused: a property is wrong.
result<kafka_ptr<rd_kafka_t>> open_consumer(const progress_settings& settings, isolation level, logger& log);

}  // namespace oes
