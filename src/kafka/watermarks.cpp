#include "kafka/watermarks.hpp"

#include <algorithm>

#include "async/clock.hpp"

namespace oes {
namespace {

using std::chrono::milliseconds;

/// `which`: RD_KAFKA_OFFSET_BEGINNING or RD_KAFKA_OFFSET_END, which the brokers take for an instant.
rd_kafka_resp_err_t ask(rd_kafka_t* client, const std::string& topic, std::int32_t partition, std::int64_t which,
                        milliseconds within, std::int64_t& found) {
  const kafka_partitions asked(rd_kafka_topic_partition_list_new(1));
  auto* one = rd_kafka_topic_partition_list_add(asked.get(), topic.c_str(), partition);
  one->offset = which;
  const auto failed = rd_kafka_offsets_for_times(client, asked.get(), static_cast<int>(within.count()));
  if (failed != RD_KAFKA_RESP_ERR_NO_ERROR) return failed;
  if (one->err != RD_KAFKA_RESP_ERR_NO_ERROR) return one->err;
  if (one->offset < 0) return RD_KAFKA_RESP_ERR__BAD_MSG;
  found = one->offset;
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

}  // namespace

rd_kafka_resp_err_t ask_watermarks(rd_kafka_t* client, const std::string& topic, std::int32_t partition,
                                   milliseconds within, watermarks& found) {
  const auto deadline = steady_now() + within;
  const auto failed = ask(client, topic, partition, RD_KAFKA_OFFSET_BEGINNING, within, found.low);
  if (failed != RD_KAFKA_RESP_ERR_NO_ERROR) return failed;
  const auto left = std::max(milliseconds(1), std::chrono::duration_cast<milliseconds>(deadline - steady_now()));
  return ask_high(client, topic, partition, left, found.high);
}

rd_kafka_resp_err_t ask_high(rd_kafka_t* client, const std::string& topic, std::int32_t partition, milliseconds within,
                             std::int64_t& found) {
  return ask(client, topic, partition, RD_KAFKA_OFFSET_END, within, found);
}

}  // namespace oes
