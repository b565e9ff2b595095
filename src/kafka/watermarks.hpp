#pragma once
// Where a partition begins and ends, asked of its leader. Not by rd_kafka_query_watermark_offsets(): while the leader
// is away that waits for it, whatever timeout it was given (librdkafka 2.0.2 to 2.8).
#include <chrono>
#include <cstdint>
#include <string>

#include "kafka/kafka_handle.hpp"

namespace oes {

struct watermarks {
  std::int64_t low = 0;
  std::int64_t high = 0;  ///< the last stable offset where the client reads committed records
};

/// Blocking, at most about as long as it may take. `found` is set where there is no error.
rd_kafka_resp_err_t ask_watermarks(rd_kafka_t* client, const std::string& topic, std::int32_t partition,
                                   std::chrono::milliseconds within, watermarks& found);
/// The upper one alone.
rd_kafka_resp_err_t ask_high(rd_kafka_t* client, const std::string& topic, std::int32_t partition,
                             std::chrono::milliseconds within, std::int64_t& found);

}  // namespace oes
