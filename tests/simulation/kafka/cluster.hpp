#pragma once
// Kafka: topics, transactions, groups, and the network in front of them, which may lose, delay and repeat.
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "simulation/kafka/groups.hpp"
#include "simulation/kafka/partition_log.hpp"
#include "simulation/kafka/transactions.hpp"
#include "simulation/machine/machine.hpp"

namespace oes::simulation {

struct kafka_topic_state {
  std::vector<partition_log> partitions;
  std::map<std::string, std::string> settings;
};

/// How requests fare, in thousandths of them.
struct network_faults {
  int request_lost = 0;
  int reply_lost = 0;
  int request_late = 0;  ///< the client is told that the connection broke, and the request arrives all the same
};

/// Who became the one that may write, and who committed.
struct writer_event {
  virtual_time at{};
  const process* who = nullptr;
  bool committed = false;
};

/// What becomes of the next requests of one kind of a process, where a script says so.
struct request_order {
  enum class kind { lose_request, lose_reply, hold };
  const process* of = nullptr;
  int key = -1;
  kind what = kind::lose_request;
  int times = 1;
};

class cluster {
 public:
  cluster(machine& on, std::uint64_t seed, std::function<void(const std::string&)> tell);

  std::string id = "simulated-cluster";
  std::map<std::string, kafka_topic_state> topics;
  transaction_coordinator transactions;
  group_coordinator groups;

  network_faults faults;
  std::chrono::nanoseconds stable_lag{};  ///< readers of committed records see the end of a transaction so much later
  bool up = true;                         ///< all brokers
  std::map<process*, bool> cut_off;

  std::vector<request_order> orders;
  /// What was held arrives.
  void release_held();

  enum class reply { came, broken };
  /// One request of a process: `arrives` runs here, `done` there.
  void ask(process& from, int key, std::function<void()> arrives, std::function<void(reply)> done);
  [[nodiscard]] machine& on() const { return on_; }
  /// Uniform, in [least, most].
  std::chrono::microseconds some_time(std::chrono::microseconds least, std::chrono::microseconds most);
  bool make_topic(const std::string& name, int partitions, std::map<std::string, std::string> settings);
  partition_log* find(const std::string& topic, std::int32_t partition);
  /// As readers see it: of a broker that is cut off from the controllers, as it was.
  const partition_log* read_view(const std::string& topic, std::int32_t partition);
  std::map<topic_partition, partition_log> old_views;

  /// A batch, as the leader of its partition takes it: who may write, is it part of its transaction, its size.
  append_outcome append(const topic_partition& where, const std::string& transaction, const produced_batch& batch);
  rd_kafka_resp_err_t add_to_transaction(const std::string& name, producer_identity who,
                                         const std::set<topic_partition>& partitions);

  /// Rights that nobody has: "Write topic NAME", "Read group NAME", "Write transaction NAME".
  std::set<std::string> denied;
  [[nodiscard]] bool refuses(const std::string& operation, const std::string& name) const {
    return !denied.empty() && denied.contains(operation + " " + name);
  }

  std::int64_t next_producer_id = 1'000'000;  ///< of those without transactions

  /// Whose each life of a transactional producer is.
  std::map<std::pair<std::int64_t, std::int16_t>, const process*> producers;
  /// For the world, where it wants to know.
  std::function<void(const process&, producer_identity, const std::set<topic_partition>&)> on_commit;

  /// For the checker.
  void note_writer(const process& who, bool committed) { writers.push_back({on_.now(), &who, committed}); }
  std::vector<writer_event> writers;

  std::uint64_t requests = 0;
  std::uint64_t broken = 0;

 private:
  bool reachable(process& from) const;
  std::optional<request_order::kind> ordered(const process& from, int key);
  std::uint64_t draw() { return random_(); }

  machine& on_;
  std::mt19937_64 random_;
  std::vector<std::function<void()>> held_;
};

}  // namespace oes::simulation
