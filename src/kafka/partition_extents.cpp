#include "kafka/partition_extents.hpp"

#include "kafka/fault.hpp"
#include "kafka/kafka_client.hpp"
#include "kafka/watermarks.hpp"

namespace oes {
namespace {

constexpr auto patience_with_a_leader = std::chrono::seconds(15);

bool is_not_seen(rd_kafka_resp_err_t why) {
  return why == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART || why == RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC ||
         why == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED;
}

}  // namespace

error cannot_be_read(const rd_kafka_t* client, const std::string& topic, rd_kafka_resp_err_t why) {
  const auto reason = owner_of(client).reason(why);
  // Where the brokers are to blame no topic is.
  if (reason != rd_kafka_err2str(why)) return fault(errc::kafka_unavailable, "Kafka does not answer: " + reason);
  return fault(errc::kafka_unavailable, "topic " + topic + " cannot be read: " + reason);
}

result<std::vector<std::int32_t>> partition_numbers(rd_kafka_t* client, const std::string& topic,
                                                    std::chrono::milliseconds within) {
  const kafka_topic named(rd_kafka_topic_new(client, topic.c_str(), nullptr));
  const rd_kafka_metadata_t* raw = nullptr;
  const auto failed = rd_kafka_metadata(client, 0, named.get(), &raw, static_cast<int>(within.count()));
  if (failed != RD_KAFKA_RESP_ERR_NO_ERROR) return cannot_be_read(client, topic, failed);
  const kafka_metadata metadata(raw);
  std::vector<std::int32_t> out;
  if (metadata->topic_cnt != 1) return out;
  const auto why = metadata->topics[0].err;
  if (is_not_seen(why)) return out;
  if (why != RD_KAFKA_RESP_ERR_NO_ERROR) return cannot_be_read(client, topic, why);
  for (int i = 0; i < metadata->topics[0].partition_cnt; ++i) out.push_back(metadata->topics[0].partitions[i].id);
  return out;
}

result<std::vector<partition_extent>> partitions_of(rd_kafka_t* client, const std::string& topic) {
  const auto numbers = partition_numbers(client, topic, patience_with_a_leader);
  if (!numbers) return numbers.error();
  std::vector<partition_extent> out;
  for (const auto number : *numbers) {
    partition_extent one;
    one.number = number;
    watermarks ends;
    const auto unasked = ask_watermarks(client, topic, number, patience_with_a_leader, ends);
    if (unasked != RD_KAFKA_RESP_ERR_NO_ERROR) return cannot_be_read(client, topic, unasked);
    one.begin = ends.low;
    one.end = ends.high;
    out.push_back(one);
  }
  return out;
}

}  // namespace oes
