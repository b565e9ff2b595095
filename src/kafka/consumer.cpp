#include "kafka/consumer.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string>
#include <utility>

#include "kafka/kafka_conf.hpp"

namespace oes {
namespace {

constexpr int first_with_queue_backoff = 0x02020000;

// No less than the largest record, which librdkafka would refuse.
std::int64_t fetched_at_a_time(const kafka_properties& given) {
  std::int64_t out = 3'000'000;
  for (const auto& [name, value] : given) {
    std::int64_t largest = 0;
    if (name == "message.max.bytes") std::from_chars(value.data(), value.data() + value.size(), largest);
    out = std::max(out, largest);
  }
  return out;
}

}  // namespace

kafka_properties consumer_properties(const connection_settings& settings, isolation_level level, consumer_pace pace) {
  kafka_properties all{
      {"socket.timeout.ms", "10000"},
      // Of each partition a megabyte comes at a time, packed, and 100,000 records ahead of whoever reads: above 120 MB
      // of memory for a topic of six partitions.
      {"fetch.max.bytes", std::to_string(fetched_at_a_time(settings.properties))},
      {"queued.min.messages", "20000"},
  };
  add(all, quick_end());
  add(all, without_membership(settings.properties));
  add(all, {
               {"bootstrap.servers", settings.bootstrap_servers},
               {"isolation.level", level == isolation_level::read_committed ? "read_committed" : "read_uncommitted"},
               {"enable.partition.eof", "true"},
               {"enable.auto.commit", "false"},
               {"enable.auto.offset.store", "false"},
               {"auto.offset.reset", "error"},
               {"allow.auto.create.topics", "false"},
               {"check.crcs", "true"},
               // The default of 500 ms would be waited for in full before the end of the partition is reported.
               {"fetch.wait.max.ms", pace == consumer_pace::quick ? "10" : "250"},
               {"fetch.min.bytes", "1"},
               {"fetch.error.backoff.ms", "20"},
               {"reconnect.backoff.ms", "50"},
               {"reconnect.backoff.max.ms", "1000"},
               {"socket.nagle.disable", "true"},
               {"topic.metadata.refresh.fast.interval.ms", "50"},
           });
  if (rd_kafka_version() >= first_with_queue_backoff) all.emplace_back("fetch.queue.backoff.ms", "10");
  return all;
}

result<std::unique_ptr<kafka_consumer>> kafka_consumer::open(const connection_settings& settings, isolation_level level,
                                                             logger& log, consumer_pace pace) {
  auto conf = make_conf(consumer_properties(settings, level, pace));
  if (!conf) return conf.error();
  std::unique_ptr<kafka_consumer> made(new kafka_consumer(log));
  auto client = start_client(RD_KAFKA_CONSUMER, std::move(*conf), *made);
  if (!client) return client.error();
  made->client_ = std::move(*client);
  return made;
}

}  // namespace oes
