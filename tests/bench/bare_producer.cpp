// What librdkafka alone costs: sends the records of a dump in the dump's transactions. The measure for the daemon.
//   bench_bare_producer BOOTSTRAP TOPIC DUMP
// DUMP: key size and value size (two little-endian 32-bit words), key, value, and so on; a key size of 0xffffffff ends
// a transaction. Prints one JSON object about the time from the first begin to the last commit.
#include <librdkafka/rdkafka.h>
#include <sys/resource.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

constexpr std::uint32_t ends_transaction = 0xffffffff;
constexpr int patience_ms = 60'000;

struct record {
  std::string_view key;
  std::string_view value;
};
using transactions = std::vector<std::vector<record>>;

void need(rd_kafka_error_t* failed, const char* what) {
  if (failed != nullptr) throw std::runtime_error(std::string(what) + ": " + rd_kafka_error_string(failed));
}

std::string read_file(const char* path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  std::string all(file ? static_cast<std::size_t>(file.tellg()) : 0, '\0');
  if (!file.seekg(0).read(all.data(), static_cast<std::streamsize>(all.size()))) {
    throw std::runtime_error(std::string("cannot read ") + path);
  }
  return all;
}

transactions split(std::string_view dump) {
  transactions all(1);
  while (!dump.empty()) {
    std::array<std::uint32_t, 2> sizes{};
    std::memcpy(sizes.data(), dump.data(), sizeof sizes);
    dump.remove_prefix(sizeof sizes);
    if (sizes[0] == ends_transaction) {
      all.emplace_back();
      continue;
    }
    all.back().push_back({dump.substr(0, sizes[0]), dump.substr(sizes[0], sizes[1])});
    dump.remove_prefix(sizes[0] + sizes[1]);
  }
  if (all.back().empty()) all.pop_back();
  return all;
}

void on_delivery(rd_kafka_t* /*client*/, const rd_kafka_message_t* message, void* undelivered) {
  if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) ++*static_cast<int*>(undelivered);
}

// The settings of src/publish/client_properties.cpp.
rd_kafka_t* make_producer(const char* bootstrap, int& undelivered) {
  const std::vector<std::pair<const char*, const char*>> properties{
      {"bootstrap.servers", bootstrap},
      {"socket.nagle.disable", "true"},
      {"socket.keepalive.enable", "true"},
      {"linger.ms", "5"},
      {"compression.codec", "lz4"},
      {"queue.buffering.max.messages", "1000000"},
      {"queue.buffering.max.kbytes", "65536"},
      {"statistics.interval.ms", "15000"},
      {"enable.idempotence", "true"},
      {"acks", "all"},
      {"message.timeout.ms", "20000"},
      {"partitioner", "murmur2_random"},
      {"transactional.id", "bench-bare-producer"},
      {"transaction.timeout.ms", "30000"},
  };
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  std::array<char, 512> why{};
  for (const auto& [name, value] : properties) {
    if (rd_kafka_conf_set(conf, name, value, why.data(), why.size()) != RD_KAFKA_CONF_OK) {
      throw std::runtime_error(why.data());
    }
  }
  rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
  rd_kafka_conf_set_opaque(conf, &undelivered);
  rd_kafka_t* producer = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why.data(), why.size());
  if (producer == nullptr) throw std::runtime_error(why.data());
  return producer;
}

rd_kafka_topic_t* know_topic(rd_kafka_t* producer, const char* name) {
  rd_kafka_topic_t* topic = rd_kafka_topic_new(producer, name, nullptr);
  const struct rd_kafka_metadata* metadata = nullptr;
  if (rd_kafka_metadata(producer, 0, topic, &metadata, patience_ms) != RD_KAFKA_RESP_ERR_NO_ERROR) {
    throw std::runtime_error("no metadata of the topic");
  }
  rd_kafka_metadata_destroy(metadata);
  return topic;
}

void send(rd_kafka_t* producer, rd_kafka_topic_t* topic, const record& one) {
  while (rd_kafka_produce(topic, RD_KAFKA_PARTITION_UA, RD_KAFKA_MSG_F_COPY, const_cast<char*>(one.value.data()),
                          one.value.size(), one.key.data(), one.key.size(), nullptr) != 0) {
    if (rd_kafka_last_error() != RD_KAFKA_RESP_ERR__QUEUE_FULL) throw std::runtime_error("produce failed");
    rd_kafka_poll(producer, 50);
  }
}

void send(rd_kafka_t* producer, rd_kafka_topic_t* topic, const transactions& all) {
  for (const auto& records : all) {
    need(rd_kafka_begin_transaction(producer), "begin");
    std::size_t count = 0;
    for (const auto& one : records) {
      send(producer, topic, one);
      if (++count % 512 == 0) rd_kafka_poll(producer, 0);
    }
    need(rd_kafka_commit_transaction(producer, patience_ms), "commit");
  }
}

double cpu_seconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  return static_cast<double>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
         static_cast<double>(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

int run(const char* bootstrap, const char* topic_name, const char* path) {
  const std::string dump = read_file(path);
  const transactions all = split(dump);
  int undelivered = 0;
  rd_kafka_t* producer = make_producer(bootstrap, undelivered);
  need(rd_kafka_init_transactions(producer, patience_ms), "init");
  rd_kafka_topic_t* topic = know_topic(producer, topic_name);

  const double cpu_before = cpu_seconds();
  const auto began = std::chrono::steady_clock::now();
  send(producer, topic, all);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  const double cpu = cpu_seconds() - cpu_before;

  std::size_t records = 0;
  for (const auto& one : all) records += one.size();
  std::printf(R"({"records":%zu,"transactions":%zu,"seconds":%.6f,"cpu_s":%.6f})"
              "\n",
              records, all.size(), took.count(), cpu);
  rd_kafka_topic_destroy(topic);
  rd_kafka_destroy(producer);
  return undelivered == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fputs("usage: bench_bare_producer BOOTSTRAP TOPIC DUMP\n", stderr);
    return 2;
  }
  try {
    return run(argv[1], argv[2], argv[3]);
  } catch (const std::exception& failed) {
    std::fprintf(stderr, "bench_bare_producer: %s\n", failed.what());
    return 1;
  }
}
