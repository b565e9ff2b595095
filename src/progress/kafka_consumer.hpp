#pragma once
// Internal to progress/: librdkafka's consumer, tuned for short reads.
#include "kafka/kafka_handle.hpp"
#include "model/error.hpp"
#include "progress/kafka_progress.hpp"

namespace oes {

enum class isolation { read_committed, read_uncommitted };

/// A consumer without a group: it needs no right but to read the topic. errc::kafka_refused: a property is wrong;
/// kafka_unavailable: none can be made just now (as publish/kafka_client).
result<kafka_client> open_consumer(const progress_settings& settings, isolation level, logger& log);

}  // namespace oes
