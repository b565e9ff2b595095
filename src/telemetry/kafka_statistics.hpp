#pragma once
// What of librdkafka's statistics (its STATISTICS.md) is told. Pure.
#include <cstdint>
#include <optional>
#include <string_view>

namespace oes {

struct kafka_statistics {
  std::int64_t brokers = 0;     ///< that the cluster has told of
  std::int64_t brokers_up = 0;  ///< it has a connection to; it opens one where it needs one
  std::int64_t queued_records = 0;
  std::int64_t queued_bytes = 0;
  double round_trip_seconds = 0;      ///< mean of the slowest broker that was asked in the last window; 0: none was
  double round_trip_p99_seconds = 0;  ///< its 99th percentile
};

/// nullopt: not such a document.
std::optional<kafka_statistics> read_kafka_statistics(std::string_view json);

}  // namespace oes
