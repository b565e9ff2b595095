#include "publish_bed.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <thread>

#include "kafka/kafka_conf.hpp"
#include "kafka/kafka_handle.hpp"

namespace oes::kafka_test {
namespace {

using clock = std::chrono::steady_clock;

boost::asio::awaitable<bool> flag(boost::asio::awaitable<void> work) {
  co_await std::move(work);
  co_return true;
}

kafka_client consumer(isolation how) {
  auto conf = make_conf({{"bootstrap.servers", bootstrap()},
                         {"group.id", "reader"},
                         {"enable.auto.commit", "false"},
                         {"enable.partition.eof", "true"},
                         {"isolation.level", how == isolation::committed ? "read_committed" : "read_uncommitted"}});
  std::array<char, 512> why{};
  kafka_client made(rd_kafka_new(RD_KAFKA_CONSUMER, conf.value().release(), why.data(), why.size()));
  if (!made) throw std::runtime_error(why.data());
  rd_kafka_poll_set_consumer(made.get());
  return made;
}

int partitions_of(rd_kafka_t* client, const std::string& topic) {
  const kafka_topic handle(rd_kafka_topic_new(client, topic.c_str(), nullptr));
  const struct rd_kafka_metadata* metadata = nullptr;
  if (rd_kafka_metadata(client, 0, handle.get(), &metadata, 10'000) != RD_KAFKA_RESP_ERR_NO_ERROR) return 0;
  const int count = metadata->topics[0].partition_cnt;
  rd_kafka_metadata_destroy(metadata);
  return count;
}

std::string schema_of(const rd_kafka_message_t* message) {
  rd_kafka_headers_t* headers = nullptr;
  const void* value = nullptr;
  std::size_t size = 0;
  if (rd_kafka_message_headers(message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR) return {};
  if (rd_kafka_header_get_last(headers, "schema", &value, &size) != RD_KAFKA_RESP_ERR_NO_ERROR) return {};
  return {static_cast<const char*>(value), size};
}

/// One partition from 0 until an end at or past the high watermark: an open transaction holds the end back.
void read_partition(rd_kafka_t* client, const std::string& topic, int partition, std::vector<read_record>& into) {
  std::int64_t low = 0;
  std::int64_t high = 0;
  const kafka_client raw = consumer(isolation::uncommitted);
  rd_kafka_query_watermark_offsets(raw.get(), topic.c_str(), partition, &low, &high, 10'000);
  const kafka_partitions one(rd_kafka_topic_partition_list_new(1));
  rd_kafka_topic_partition_list_add(one.get(), topic.c_str(), partition)->offset = RD_KAFKA_OFFSET_BEGINNING;
  rd_kafka_assign(client, one.get());
  for (const auto end = clock::now() + std::chrono::seconds(40); clock::now() < end;) {
    using message_ptr = std::unique_ptr<rd_kafka_message_t, kafka_delete<rd_kafka_message_destroy>>;
    const message_ptr message(rd_kafka_consumer_poll(client, 100));
    if (!message) continue;
    if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF && message->offset >= high) return;
    if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) continue;
    if (message->offset >= high) return;  // written since: under a busy writer the end is never reached
    into.push_back({std::string(static_cast<const char*>(message->key), message->key_len),
                    std::string(static_cast<const char*>(message->payload), message->len), message->offset,
                    schema_of(message.get())});
  }
  throw std::runtime_error("the end of " + topic + " was not reached");
}

}  // namespace

std::string required_env(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr) {
    throw std::runtime_error(std::string(name) + " is not set: run through deploy/kafka.py run -- …");
  }
  return value;
}

std::string bootstrap() { return required_env("OES_TEST_BOOTSTRAP"); }

std::string fresh_name(const std::string& stem) {
  static int count = 0;
  const auto now = std::chrono::system_clock::now().time_since_epoch().count();
  return stem + "-" + std::to_string(getpid()) + "-" + std::to_string(now) + "-" + std::to_string(++count);
}

std::vector<read_record> read_topic(const std::string& topic, isolation how) {
  std::vector<read_record> all;
  const kafka_client client = consumer(how);
  const int partitions = partitions_of(client.get(), topic);
  for (int p = 0; p < partitions; ++p) read_partition(client.get(), topic, p, all);
  return all;
}

std::vector<std::string> keys_of(const std::vector<read_record>& records) {
  std::vector<std::string> keys;
  keys.reserve(records.size());
  for (const auto& record : records) keys.push_back(record.key);
  return keys;
}

publish_settings settings_for(const std::string& deployment) {
  publish_settings settings;
  settings.bootstrap_servers = bootstrap();
  settings.deployment = deployment;
  settings.create_topics = topic_creation::all;
  return settings;
}

void make_topics(const publish_settings& settings, const std::vector<std::string>& data_topics, int partitions) {
  logger log({.log_level = "error"});
  std::vector<wanted_topic> wanted{{progress_topic(settings), 1, topic_use::progress}};
  for (const auto& name : data_topics) wanted.push_back({name, partitions, topic_use::data});
  prepare_topics(settings, wanted, log).value();
}

transaction records_of(std::int64_t sequence, const std::vector<std::string>& topics, int count) {
  transaction txn;
  txn.sequence = sequence;
  txn.begin = {"begin", std::to_string(sequence)};
  txn.data.resize(1);
  auto& batch = txn.data[0];
  batch.topics = topics;
  for (std::size_t topic = 0; topic < topics.size(); ++topic) {
    for (int i = 0; i < count; ++i) {
      const std::string key = std::to_string(sequence) + "-" + std::to_string(i);
      const std::string value = "value of " + key;
      batch.records.push_back({static_cast<std::uint32_t>(batch.bytes.size()), static_cast<std::uint32_t>(value.size()),
                               static_cast<std::uint16_t>(key.size()), static_cast<std::uint16_t>(topic), false});
      batch.bytes += key + value;
    }
  }
  txn.progress.push_back({"progress", std::to_string(sequence)});
  return txn;
}

instance::instance(publish_settings settings, const std::string& name) {
  telemetry_settings telemetry;
  const char* level = std::getenv("OES_TEST_LOG");
  telemetry.log_level = level == nullptr ? "error" : level;
  log_ = std::make_unique<logger>(telemetry);
  to_ = make_kafka_publisher(std::move(settings), name, loop_.get_executor(), blocking_.get_executor(), *log_);
}

instance::~instance() {
  to_.reset();
  blocking_.join();
}

void instance::run_for(std::chrono::milliseconds span) {
  const auto end = clock::now() + span;
  loop_.restart();
  loop_.run_for(span);
  std::this_thread::sleep_until(end);  // a loop without work returns at once
}

void instance::resign() { run(flag(to_->resign())); }

void instance::watch_lost() {
  lost_ = false;
  boost::asio::co_spawn(loop_, to_->lost(), [this](const std::exception_ptr&) { lost_ = true; });
}

}  // namespace oes::kafka_test
