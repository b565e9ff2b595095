#pragma once
// What stands in for librdkafka: the objects behind the rd_kafka_ functions that the rooms call. Behaviour that was
// read in its sources or seen of it; where neither, the comment says "believed".
#include <librdkafka/rdkafka.h>

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "simulation/kafka/cluster.hpp"

namespace oes::simulation {

class simulated_producer;
class simulated_member;
class simulated_reader;

/// The cluster that clients of this world reach. For rd_kafka_new, which is handed an address only.
void set_reachable_cluster(cluster* one);

enum api_key : std::int16_t {
  api_produce = 0,
  api_fetch = 1,
  api_list_offsets = 2,
  api_metadata = 3,
  api_offset_commit = 8,
  api_join_group = 11,
  api_heartbeat = 12,
  api_leave_group = 13,
  api_describe_groups = 15,
  api_create_topics = 19,
  api_init_producer_id = 22,
  api_add_partitions_to_txn = 24,
  api_end_txn = 26,
  api_describe_configs = 32
};

}  // namespace oes::simulation

struct rd_kafka_conf_s {
  std::map<std::string, std::string> values;
  void* opaque = nullptr;
  void (*log)(const rd_kafka_t*, int, const char*, const char*) = nullptr;
  void (*delivered)(rd_kafka_t*, const rd_kafka_message_t*, void*) = nullptr;
  struct interceptor {
    rd_kafka_interceptor_f_on_new_t* on_new = nullptr;
    void* opaque = nullptr;
  };
  std::vector<interceptor> interceptors;
};

struct rd_kafka_error_s {
  rd_kafka_resp_err_t code = RD_KAFKA_RESP_ERR_NO_ERROR;
  std::string text;
  bool fatal = false;
  bool retriable = false;
  bool requires_abort = false;
};

struct rd_kafka_topic_s {
  rd_kafka_t* client = nullptr;
  std::string name;
};

/// An event: what came, as far as its kind needs it.
struct rd_kafka_op_s {
  int type = 0;
  rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR_NO_ERROR;
  std::string text;
  rd_kafka_topic_partition_list_t* partitions = nullptr;
  struct answer;
  std::shared_ptr<answer> told;  ///< of admin calls
  ~rd_kafka_op_s();
};

struct rd_kafka_queue_s {
  rd_kafka_t* client = nullptr;
  std::shared_ptr<std::deque<std::unique_ptr<rd_kafka_op_s>>> events;
  std::shared_ptr<std::deque<rd_kafka_message_t*>> messages;
};

struct rd_kafka_s {
  rd_kafka_s(rd_kafka_type_t what, const rd_kafka_conf_t& settings);
  ~rd_kafka_s();

  /// Sends a request, with the interceptors told. Both run on the machine's own time: they do not block. `done` is not
  /// called where the client is gone by then.
  void send(oes::simulation::api_key what, std::function<void()> arrives, std::function<void(bool came)> done);
  /// From a thread of the process: sends again until it is answered. __TIMED_OUT: not in time; `arrives` may run later.
  rd_kafka_resp_err_t ask(oes::simulation::api_key what, std::chrono::milliseconds patience,
                          std::function<void()> arrives);
  /// From a thread of the process: until something has changed here, or the deadline. false: the deadline.
  bool wait(oes::simulation::virtual_time until);
  void changed();
  void log_line(int level, const char* facility, const std::string& text);
  void after(std::chrono::microseconds span, std::function<void()> what);
  /// Whether this object is still there, for what may come later than its end. Shared with it.
  [[nodiscard]] std::shared_ptr<const bool> there() const { return there_; }

  [[nodiscard]] oes::simulation::virtual_time now() const { return to.on().now(); }
  [[nodiscard]] std::string value_of(const std::string& name, const std::string& otherwise) const;
  [[nodiscard]] std::chrono::milliseconds span_of(const std::string& name, std::chrono::milliseconds otherwise) const;

  const rd_kafka_type_t type;
  const rd_kafka_conf_s conf;
  oes::simulation::process& of;
  oes::simulation::cluster& to;
  struct watcher {
    rd_kafka_interceptor_f_on_request_sent_t* sent = nullptr;
    rd_kafka_interceptor_f_on_response_received_t* received = nullptr;
    void* opaque = nullptr;
  };
  std::vector<watcher> watchers;
  bool was_answered = false;  ///< it knows the brokers
  std::unique_ptr<oes::simulation::simulated_producer> producer;
  std::unique_ptr<oes::simulation::simulated_member> member;
  std::unique_ptr<oes::simulation::simulated_reader> reader;
  std::shared_ptr<std::deque<std::unique_ptr<rd_kafka_op_s>>> own_events;  ///< the consumer's queue

 private:
  void note_sent(oes::simulation::api_key what);
  void note_received(oes::simulation::api_key what, bool came);

  std::vector<oes::simulation::fiber*> waiting_;
  std::shared_ptr<bool> there_ = std::make_shared<bool>(true);  ///< shared with what is under way
};

namespace oes::simulation {

inline virtual_time deadline_in(const rd_kafka_s& client, int timeout_ms) {
  return client.now() + std::chrono::milliseconds(timeout_ms < 0 ? 1'000'000'000 : timeout_ms);
}

}  // namespace oes::simulation
