#pragma once
// Looks at each transaction in the instant in which Kafka decides that it is committed: what it holds cannot change any
// more, and who sent it may die with the answer. Says what is wrong:
// - authority: the first transaction of a process claims the deployment, and nobody commits under another's claim;
// - sequence: `begin` first, the head last, one more than before, chained to what came before;
// - bounds: versions of data records lie behind what its leader has found, up to the head's; records of progress are
//   small;
// - progress is never ahead of data, nor data of progress: what is newly covered was published, in this transaction or
//   before, and what is published with a number is covered, but for the edge that is published while it fills;
// - ends: no offset of data is told that is not written yet.
// The daemon's own code reads the records; what it reads is held against the records themselves.
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "model/interval.hpp"
#include "model/ledger.hpp"
#include "model/progress.hpp"
#include "simulation/kafka/cluster.hpp"

namespace oes::simulation {

class commit_watch {
 public:
  commit_watch(const cluster& kafka, interval_size interval) : kafka_(kafka), interval_(interval) {}

  void committed(const process& who, producer_identity as, const std::set<topic_partition>& partitions);
  /// Kafka has lost something: what comes is not held against what was any more.
  void give_up() { watching_ = false; }

  [[nodiscard]] std::size_t transactions() const { return transactions_; }
  [[nodiscard]] const std::vector<std::string>& faults() const { return faults_; }
  /// As of the newest transaction; null: not watched, or nothing was committed.
  [[nodiscard]] const progress_state* state() const;

 private:
  using published_label = std::tuple<std::string, std::string, network_time>;  ///< stream, metric or `*`, label
  struct sent {
    std::vector<const stored_record*> progress;
    std::set<published_label> labels;
    std::set<published_label> with_a_number;  ///< of them
    std::int64_t lowest_version = 0;
    std::int64_t highest_version = 0;
  };
  sent records_of(producer_identity as, const std::set<topic_partition>& partitions);
  void take_data(const stored_record& record, sent& into);
  void take_unit(const stored_record& record, sent& into);
  static void note_version(std::int64_t version, sent& into);
  void check_order(const sent& txn);
  void check_authority(const process& who, const sent& txn, const progress_state& before);
  void check_bounds(const sent& txn, const progress_state& before);
  void check_chain(const sent& txn, const progress_state& before);
  void check_ends(producer_identity as);
  void check_labels(const sent& txn, const progress_state& before);
  void fault(const std::string& what);

  const cluster& kafka_;
  interval_size interval_;
  bool watching_ = true;
  std::size_t transactions_ = 0;
  std::vector<std::string> faults_;
  progress_state state_;
  ledger_book ledger_;
  const process* claimed_by_ = nullptr;
  std::int64_t version_before_claim_ = 0;
  std::set<published_label> published_;
};

}  // namespace oes::simulation
