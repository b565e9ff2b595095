#include "kafka/partition_extents.hpp"

#include "kafka/watermarks.hpp"

namespace oes {
namespace {

constexpr int ask_timeout_ms = 15'000;

bool is_not_seen(rd_kafka_resp_err_t why) {
  return why == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART || why == RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC ||
         why == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED;
}

}  // namespace

error cannot_be_read(const std::string& topic, rd_kafka_resp_err_t why) {
  return {errc::kafka_unavailable, "topic " + topic + " cannot be read: " + rd_kafka_err2str(why)};
}

result<std::vector<partition_extent>> partitions_of(rd_kafka_t* client, const std::string& topic) {
  const kafka_topic named(rd_kafka_topic_new(client, topic.c_str(), nullptr));
  const rd_kafka_metadata_t* raw = nullptr;
  const auto failed = rd_kafka_metadata(client, 0, named.get(), &raw, ask_timeout_ms);
  if (failed != RD_KAFKA_RESP_ERR_NO_ERROR) return cannot_be_read(topic, failed);
  const kafka_metadata metadata(raw);
  std::vector<partition_extent> out;
  if (metadata->topic_cnt != 1) return out;
  const auto why = metadata->topics[0].err;
  if (is_not_seen(why)) return out;
  if (why != RD_KAFKA_RESP_ERR_NO_ERROR) return cannot_be_read(topic, why);
  for (int i = 0; i < metadata->topics[0].partition_cnt; ++i) {
    partition_extent one;
    one.number = metadata->topics[0].partitions[i].id;
    watermarks ends;
    const auto unasked = ask_watermarks(client, topic, one.number, std::chrono::milliseconds(ask_timeout_ms), ends);
    if (unasked != RD_KAFKA_RESP_ERR_NO_ERROR) return cannot_be_read(topic, unasked);
    one.begin = ends.low;
    one.end = ends.high;
    out.push_back(one);
  }
  return out;
}

}  // namespace oes
