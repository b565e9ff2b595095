#pragma once
// The transaction coordinator: who a transactional id is today, and how its transaction ends.
#include <librdkafka/rdkafka.h>

#include <chrono>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "simulation/kafka/partition_log.hpp"

namespace oes::simulation {

using topic_partition = std::pair<std::string, std::int32_t>;

struct init_outcome {
  rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR_NO_ERROR;
  producer_identity made;
};

class transaction_coordinator {
 public:
  struct surroundings {
    /// Writes a marker, some time from now.
    std::function<void(const topic_partition&, producer_identity, bool commit, std::function<void()> written)> mark;
    std::function<void(std::chrono::milliseconds, std::function<void()>)> after;
    /// A commit is decided, from here on: its markers are still to come.
    std::function<void(producer_identity, const std::set<topic_partition>&)> decided;
    /// For the world's story.
    std::function<void(const std::string&)> tell;
  };
  explicit transaction_coordinator(surroundings around) : around_(std::move(around)) {}

  /// `today`: of a producer that wants a higher epoch; else none.
  init_outcome init(const std::string& name, std::chrono::milliseconds timeout, producer_identity today);
  rd_kafka_resp_err_t add(const std::string& name, producer_identity who, const std::set<topic_partition>& partitions);
  rd_kafka_resp_err_t end(const std::string& name, producer_identity who, bool commit);
  /// A leader asks before it takes a transactional batch (KIP-890).
  [[nodiscard]] rd_kafka_resp_err_t stands(const std::string& name, producer_identity who,
                                           const topic_partition& where) const;

 private:
  enum class state { empty, ongoing, committing, aborting, committed, aborted };
  struct entry {
    producer_identity who;
    state is = state::empty;
    std::set<topic_partition> partitions;
    std::chrono::milliseconds timeout{};
    std::uint64_t serial = 0;  ///< of the transaction
    std::size_t unmarked = 0;
    producer_identity raised_for;  ///< who asked for a higher epoch, where its own transaction had to end first
  };
  void finish(const std::string& name, entry& one, producer_identity as, bool commit);
  [[nodiscard]] static bool is_ending(const entry& one) {
    return one.is == state::committing || one.is == state::aborting;
  }

  surroundings around_;
  std::map<std::string, entry> known_;
  std::int64_t next_id_ = 1000;
};

}  // namespace oes::simulation
