#pragma once
// A client's reading half, without a group: fetches from where it is told to.
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>

#include "simulation/kafka/client.hpp"

namespace oes::simulation {

using message_queue = std::deque<rd_kafka_message_t*>;

class simulated_reader {
 public:
  explicit simulated_reader(rd_kafka_s& client);

  void start(rd_kafka_topic_t* topic, std::int32_t partition, std::int64_t offset, std::shared_ptr<message_queue> into);
  void stop(const rd_kafka_topic_t* topic, std::int32_t partition);
  /// From a thread of the process; null: nothing in time.
  rd_kafka_message_t* take(message_queue& from, int timeout_ms);
  rd_kafka_message_t* take(const rd_kafka_topic_t* topic, std::int32_t partition, int timeout_ms);

 private:
  struct fetching {
    rd_kafka_topic_t* topic = nullptr;
    std::int64_t next = 0;
    std::int64_t end_told = -1;
    std::uint64_t serial = 0;
    std::shared_ptr<message_queue> into = {};
    rd_kafka_resp_err_t error_told = RD_KAFKA_RESP_ERR_NO_ERROR;
  };
  struct fetched;
  void fetch(const topic_partition& where, std::uint64_t serial);
  void take_in(const topic_partition& where, fetching& one, const fetched& came);

  rd_kafka_s& client_;
  bool committed_only_;
  std::map<topic_partition, fetching> running_;
  std::uint64_t serials_ = 0;
};

}  // namespace oes::simulation
