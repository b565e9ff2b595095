// rd_kafka_metadata: what topics there are.
#include <cstring>
#include <vector>

#include "simulation/kafka/client.hpp"
#include "simulation/kafka/producer.hpp"

using namespace oes::simulation;

namespace {

// What a metadata object points into.
struct owned_metadata {
  rd_kafka_metadata_t shown{};
  rd_kafka_metadata_broker_t broker{};
  std::int32_t replica = 1;
  std::vector<std::pair<std::string, int>> names;  ///< topics, and how many partitions they have; 0: not there
  std::vector<rd_kafka_metadata_topic_t> topics;
  std::vector<std::vector<rd_kafka_metadata_partition_t>> partitions;
};

char host[] = "simulated";  // NOLINT: librdkafka's type is no const

void fill(owned_metadata& made) {
  made.broker = {1, host, 9092};
  for (const auto& [name, count] : made.names) {
    auto& all = made.partitions.emplace_back();
    for (int i = 0; i < count; ++i) {
      rd_kafka_metadata_partition_t one{};
      one.id = i;
      one.leader = 1;
      one.replica_cnt = one.isr_cnt = 1;
      one.replicas = one.isrs = &made.replica;
      all.push_back(one);
    }
  }
  for (std::size_t i = 0; i < made.names.size(); ++i) {
    rd_kafka_metadata_topic_t one{};
    one.topic = made.names[i].first.data();
    one.partition_cnt = made.names[i].second;
    one.partitions = made.partitions[i].data();
    if (one.partition_cnt == 0) one.err = RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;
    made.topics.push_back(one);
  }
  made.shown.broker_cnt = 1;
  made.shown.brokers = &made.broker;
  made.shown.topic_cnt = static_cast<int>(made.topics.size());
  made.shown.topics = made.topics.data();
  made.shown.orig_broker_name = host;
}

}  // namespace

extern "C" {

rd_kafka_resp_err_t rd_kafka_metadata(rd_kafka_t* client, int all, rd_kafka_topic_t* only,
                                      const struct rd_kafka_metadata** into, int timeout_ms) {
  const auto names = std::make_shared<std::vector<std::pair<std::string, int>>>();
  const auto refused = std::make_shared<bool>(false);
  const std::string wanted = only == nullptr ? "" : only->name;
  const auto failed =
      client->ask(api_metadata, std::chrono::milliseconds(timeout_ms), [names, refused, all, wanted, &to = client->to] {
        names->clear();
        for (const auto& [name, topic] : to.topics) {
          if (to.refuses("Describe topic", name)) continue;
          if (all != 0 || name == wanted) names->emplace_back(name, static_cast<int>(topic.partitions.size()));
        }
        *refused = !wanted.empty() && to.refuses("Describe topic", wanted);
        if (names->empty() && !wanted.empty()) names->emplace_back(wanted, 0);
      });
  if (failed != RD_KAFKA_RESP_ERR_NO_ERROR) return failed;
  if (client->producer && names->size() == 1 && names->front().second == 0) client->producer->hears_gone(wanted);
  auto* made = new owned_metadata;
  made->names = *names;
  fill(*made);
  if (*refused) made->topics.front().err = RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED;
  *into = &made->shown;
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

void rd_kafka_metadata_destroy(const struct rd_kafka_metadata* shown) {
  // The first member of what owns it.
  delete reinterpret_cast<const owned_metadata*>(shown);
}

}  // extern "C"
