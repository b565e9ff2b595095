#pragma once
// A client's place in its group.
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "simulation/kafka/client.hpp"

namespace oes::simulation {

class simulated_member {
 public:
  explicit simulated_member(rd_kafka_s& client);

  void subscribe(const std::string& topic);
  void assigned(const rd_kafka_topic_partition_list_t* partitions);
  void unassigned(const rd_kafka_topic_partition_list_t* partitions);
  [[nodiscard]] bool lost() const { return lost_; }
  void commit(rd_kafka_queue_t* answer_to) { commit(answer_to->events, id_, generation_, 3); }
  void close();
  [[nodiscard]] bool closed() const { return closed_; }

 private:
  enum class after_revoke { nothing, join_again, leave };
  void join();
  void placed(const group_place& place);
  void beat();
  void heard(rd_kafka_resp_err_t answer);
  void lose();
  void go_on_after(after_revoke what);
  void leave();
  void tell(rd_kafka_resp_err_t what, bool with_partition);
  using event_queue = std::deque<std::unique_ptr<rd_kafka_op_s>>;
  void commit(std::shared_ptr<event_queue> answer_to, const std::string& id, int generation, int attempts);
  void complain(rd_kafka_resp_err_t why);
  [[nodiscard]] rd_kafka_resp_err_t why_not() const;

  rd_kafka_s& client_;
  std::string group_;
  std::string topic_;
  std::string id_;
  int generation_ = -1;
  bool joining_ = false;
  rd_kafka_resp_err_t complained_ = RD_KAFKA_RESP_ERR_NO_ERROR;
  bool has_ = false;  ///< as the application has been told and has said
  bool lost_ = false;
  bool closing_ = false;
  bool closed_ = false;
  bool revoking_ = false;
  after_revoke then_ = after_revoke::nothing;
  virtual_time heard_at_{};
  std::uint64_t beats_ = 0;  ///< counts series of heartbeats: one at a time
  std::uint64_t joins_ = 0;
  std::shared_ptr<std::uint64_t> newest_arrived_ = std::make_shared<std::uint64_t>(0);  ///< of them, at the coordinator
};

}  // namespace oes::simulation
