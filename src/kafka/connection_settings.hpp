#pragma once
// How the brokers are reached: what each client of ours is told of them.
#include <string>
#include <utility>
#include <vector>

namespace oes {

/// librdkafka's names and values. Set in their order: the last one wins, also over librdkafka's alias names.
using kafka_properties = std::vector<std::pair<std::string, std::string>>;

enum class isolation_level {
  read_committed,
  read_uncommitted,  ///< sees the end of a partition beyond open transactions
};

struct connection_settings {
  std::string bootstrap_servers = "localhost:9092";
  /// Passed through to librdkafka after our own; config/ has refused those that would break the guarantee.
  kafka_properties properties;
};

}  // namespace oes
