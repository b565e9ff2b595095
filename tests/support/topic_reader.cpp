// topic_reader BOOTSTRAP TOPIC…: every record up to the end, `topic <tab> key <tab> value` a line. An independent
// reader for tests of whole processes that have no Kafka client of their own.
#include <librdkafka/rdkafka.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <memory>
#include <set>
#include <string>
#include <utility>

namespace {

template <auto Destroy>
struct by {
  template <class T>
  void operator()(T* handle) const {
    Destroy(handle);
  }
};
using client = std::unique_ptr<rd_kafka_t, by<rd_kafka_destroy>>;
using message = std::unique_ptr<rd_kafka_message_t, by<rd_kafka_message_destroy>>;
using places = std::unique_ptr<rd_kafka_topic_partition_list_t, by<rd_kafka_topic_partition_list_destroy>>;
using partition = std::pair<std::string, int>;

client connect(const char* bootstrap) {
  const std::array<std::pair<const char*, const char*>, 4> settings{{{"bootstrap.servers", bootstrap},
                                                                     {"group.id", "topic-reader"},
                                                                     {"enable.partition.eof", "true"},
                                                                     {"isolation.level", "read_committed"}}};
  std::array<char, 512> why{};
  auto* conf = rd_kafka_conf_new();
  for (const auto& [name, value] : settings) rd_kafka_conf_set(conf, name, value, why.data(), why.size());
  return client(rd_kafka_new(RD_KAFKA_CONSUMER, conf, why.data(), why.size()));
}

/// Partitions of the topics; empty when the broker does not answer.
std::set<partition> partitions_of(rd_kafka_t* reader, int count, char** topics) {
  std::set<partition> found;
  const rd_kafka_metadata_t* known = nullptr;
  if (rd_kafka_metadata(reader, 1, nullptr, &known, 10'000) != RD_KAFKA_RESP_ERR_NO_ERROR) return found;
  for (int t = 0; t < known->topic_cnt; ++t) {
    for (int i = 0; i < count; ++i) {
      if (std::string(topics[i]) != known->topics[t].topic) continue;
      for (int p = 0; p < known->topics[t].partition_cnt; ++p) found.emplace(topics[i], p);
    }
  }
  rd_kafka_metadata_destroy(known);
  return found;
}

void print(const rd_kafka_message_t& one) {
  std::printf("%s\t%.*s\t%.*s\n", rd_kafka_topic_name(one.rkt), static_cast<int>(one.key_len),
              static_cast<const char*>(one.key), static_cast<int>(one.len), static_cast<const char*>(one.payload));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  const auto reader = connect(argv[1]);
  auto open = partitions_of(reader.get(), argc - 2, argv + 2);
  if (open.empty()) {
    std::fputs("topic_reader: no such topic, or no answer\n", stderr);
    return 1;
  }
  const places from(rd_kafka_topic_partition_list_new(static_cast<int>(open.size())));
  for (const auto& [topic, number] : open) {
    rd_kafka_topic_partition_list_add(from.get(), topic.c_str(), number)->offset = RD_KAFKA_OFFSET_BEGINNING;
  }
  rd_kafka_assign(reader.get(), from.get());
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!open.empty() && std::chrono::steady_clock::now() < deadline) {
    const message one(rd_kafka_consumer_poll(reader.get(), 100));
    if (!one) continue;
    if (one->err == RD_KAFKA_RESP_ERR_NO_ERROR) print(*one);
    if (one->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) open.erase({rd_kafka_topic_name(one->rkt), one->partition});
  }
  rd_kafka_consumer_close(reader.get());
  if (!open.empty()) std::fputs("topic_reader: not read to the end in time\n", stderr);
  return open.empty() ? 0 : 1;
}
