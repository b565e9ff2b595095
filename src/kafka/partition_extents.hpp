#pragma once
// Internal to kafka/: where the partitions of a topic begin and end.
#include <string>
#include <vector>

#include "kafka/kafka_handle.hpp"
#include "kafka/topic_extent.hpp"
#include "model/error.hpp"

namespace oes {

/// Blocking. A topic that is not there (or may not be seen) has none. Ends are the last stable offsets where the client
/// reads committed records, else beyond open transactions.
result<std::vector<partition_extent>> partitions_of(rd_kafka_t* client, const std::string& topic);

/// Of a topic about which Kafka says `why`: kafka_unavailable.
error cannot_be_read(const std::string& topic, rd_kafka_resp_err_t why);

}  // namespace oes
