#pragma once
// Which member of the group holds the progress partition, as the coordinator tells anybody who may describe the group.
#include <chrono>
#include <optional>
#include <string>

#include "kafka/kafka_handle.hpp"

namespace oes {

/// The holder's client id; empty: nobody holds it. nullopt: no answer in time, or no right to one.
std::optional<std::string> group_leader(rd_kafka_t* client, const std::string& group, const std::string& topic,
                                        std::chrono::milliseconds patience);

}  // namespace oes
