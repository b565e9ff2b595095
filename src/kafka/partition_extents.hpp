#pragma once
// Internal to kafka/: where the partitions of a topic begin and end.
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "kafka/kafka_handle.hpp"
#include "kafka/topic_extent.hpp"
#include "model/error.hpp"

namespace oes {

/// Blocking. The numbers of a topic's partitions; one that is not there (or may not be seen) has none.
result<std::vector<std::int32_t>> partition_numbers(rd_kafka_t* client, const std::string& topic,
                                                    std::chrono::milliseconds within);

/// Blocking. A topic that is not there (or may not be seen) has none. Ends are the last stable offsets where the client
/// reads committed records, else beyond open transactions.
result<std::vector<partition_extent>> partitions_of(rd_kafka_t* client, const std::string& topic);

/// Of a topic about which Kafka says `why`: kafka_unavailable, with the brokers' own reason where they do not answer.
error cannot_be_read(const rd_kafka_t* client, const std::string& topic, rd_kafka_resp_err_t why);

}  // namespace oes
