#pragma once
// A client's producing half: batches, sequence numbers, delivery reports, and its transactions.
#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
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
  /// Metadata have said that a topic is not there.
  void hears_gone(const std::string& topic) {
    if (seen_.erase(topic) > 0) gone_.insert(topic);
  }
  [[nodiscard]] rd_kafka_resp_err_t fatal() const { return fatal_; }

 private:
  /// ended: the answer is there, and nobody has been told yet.
  enum class state { fresh, initialising, ready, open, ending, ended };
  struct lane {  ///< of one partition
    std::deque<queued_message> queued;
    std::deque<queued_message> flying;  ///< of one batch: it has sequence numbers
    std::int32_t next_sequence = 0;
    std::int32_t next_acknowledged = 0;  ///< behind all that is written, or may be
    std::uint64_t flight = 0;            ///< counts batches that are not waited for any more
    bool on_wire = false;                ///< else the batch waits to be sent again
    bool registered = false;
    [[nodiscard]] bool busy() const { return !flying.empty() || on_wire; }
  };
  using lane_key = topic_partition;

  [[nodiscard]] bool transactional() const { return !name_.empty(); }
  [[nodiscard]] std::optional<rd_kafka_resp_err_t> refused_here(const queued_message& message,
                                                                std::int32_t wanted_partition) const;
  // producer_transactions.cpp
  void ask_for_identity();
  void register_lanes();
  rd_kafka_error_t* end(bool commit, int timeout_ms);
  rd_kafka_error_t* drain(bool commit, virtual_time until);
  rd_kafka_error_t* end_told(virtual_time until);
  void ask_for_end(bool commit);
  void end_answered(rd_kafka_resp_err_t answer, bool commit);
  // producer_sending.cpp
  void pump();
  void send_batch(const lane_key& where);
  void send_again(const lane_key& where, std::shared_ptr<produced_batch> batch);
  void answered(const lane_key& where, const produced_batch& batch, const append_outcome& outcome);
  void out_of_order(lane& one, const produced_batch& batch);
  // producer_failures.cpp
  void report(queued_message message, rd_kafka_resp_err_t error, std::int64_t offset);
  void report_flying(lane& one, rd_kafka_resp_err_t why);
  void drop_unsent(rd_kafka_resp_err_t why);
  void fail_for_good(rd_kafka_resp_err_t why);
  void must_abort(rd_kafka_resp_err_t why, bool new_epoch);
  void renew();
  void watch_lateness(virtual_time expires);
  void look_for_late();
  int serve();

  rd_kafka_s& client_;
  std::string name_;  ///< the transactional id
  state is_ = state::fresh;
  bool ending_with_commit_ = false;
  producer_identity who_;
  rd_kafka_resp_err_t fatal_ = RD_KAFKA_RESP_ERR_NO_ERROR;
  rd_kafka_resp_err_t must_abort_ = RD_KAFKA_RESP_ERR_NO_ERROR;  ///< why the transaction can only be aborted
  bool new_epoch_ = false;                                       ///< an abort takes one
  std::size_t undelivered_ = 0;                                  ///< messages of this transaction that failed
  bool asked_to_register_ = false;                               ///< in this transaction
  std::map<lane_key, lane> lanes_;
  std::map<std::string, std::size_t> seen_;  ///< topics as they were seen last: their partitions
  std::set<std::string> gone_;
  bool registering_ = false;
  bool pump_due_ = false;
  bool lateness_watched_ = false;
  std::deque<delivery> deliveries_;
  std::size_t outstanding_ = 0;
  std::uint64_t round_ = 0;  ///< counts transactions: what comes of an earlier one is too late
};

rd_kafka_error_t* new_error(rd_kafka_resp_err_t code, std::string text, bool fatal = false, bool retriable = false,
                            bool requires_abort = false);

}  // namespace oes::simulation
