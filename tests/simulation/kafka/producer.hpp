#pragma once
// A client's producing half: batches, sequence numbers, delivery reports, and its transactions.
#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "simulation/kafka/client.hpp"

namespace oes::simulation {

struct queued_message {
  rd_kafka_topic_t* topic = nullptr;
  std::int32_t partition = 0;
  std::string key;
  const void* payload = nullptr;  ///< not copied before it is sent, as RD_KAFKA_MSG_F_COPY was not asked for
  std::size_t size = 0;
  void* opaque = nullptr;
  virtual_time expires{};
};

struct delivery {
  queued_message message;
  rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR_NO_ERROR;
  std::int64_t offset = -1;
};

class simulated_producer {
 public:
  explicit simulated_producer(rd_kafka_s& client);

  // From a thread of the process.
  rd_kafka_error_t* init(int timeout_ms);
  rd_kafka_error_t* begin();
  rd_kafka_error_t* commit(int timeout_ms) { return end(true, timeout_ms); }
  rd_kafka_error_t* abort(int timeout_ms);
  rd_kafka_resp_err_t produce(queued_message message, std::int32_t wanted_partition);
  int poll(int timeout_ms);
  rd_kafka_resp_err_t flush(int timeout_ms);
  void purge();
  [[nodiscard]] rd_kafka_resp_err_t fatal() const { return fatal_; }

 private:
  enum class state { fresh, initialising, ready, open, ending, failed };
  struct lane {  ///< of one partition
    std::deque<queued_message> queued;
    std::deque<queued_message> flying;
    std::int32_t next_sequence = 0;
    bool busy = false;  ///< a request is under way, or comes again soon
    bool registered = false;
  };
  using lane_key = topic_partition;

  [[nodiscard]] bool transactional() const { return !name_.empty(); }
  void ask_for_identity();
  void pump();
  void register_lanes();
  void send_batch(const lane_key& where);
  void send_again(const lane_key& where, std::shared_ptr<produced_batch> batch);
  void answered(const lane_key& where, const append_outcome& outcome);
  void report(queued_message message, rd_kafka_resp_err_t error, std::int64_t offset);
  void fail(rd_kafka_resp_err_t why, bool for_good);
  void drop_all(rd_kafka_resp_err_t why);
  void look_for_late();
  rd_kafka_error_t* end(bool commit, int timeout_ms);
  void ask_for_end(bool commit);
  int serve();

  rd_kafka_s& client_;
  std::string name_;  ///< the transactional id
  state is_ = state::fresh;
  producer_identity who_;
  rd_kafka_resp_err_t init_refused_ = RD_KAFKA_RESP_ERR_NO_ERROR;
  rd_kafka_resp_err_t fatal_ = RD_KAFKA_RESP_ERR_NO_ERROR;
  rd_kafka_resp_err_t failed_ = RD_KAFKA_RESP_ERR_NO_ERROR;  ///< the transaction can only be aborted
  std::map<lane_key, lane> lanes_;
  bool registering_ = false;
  bool pump_due_ = false;
  std::deque<delivery> deliveries_;
  std::size_t outstanding_ = 0;
  std::uint64_t round_ = 0;  ///< counts transactions: what comes of an earlier one is too late
};

rd_kafka_error_t* new_error(rd_kafka_resp_err_t code, std::string text, bool fatal = false, bool retriable = false);

}  // namespace oes::simulation
