#pragma once
// That Kafka still holds what this process has committed: looked for before the first transaction of each new producer,
// and where the outcome of one is not known (guarantee.md §3). What contradicts ends the daemon: nothing is sent any
// more.
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "async/event.hpp"
#include "commit/comparison.hpp"
#include "commit/kafka_look.hpp"
#include "commit/session_end.hpp"
#include "model/authority.hpp"
#include "model/batch.hpp"
#include "model/ledger.hpp"
#include "model/progress.hpp"
#include "progress/progress_store.hpp"
#include "publish/publisher.hpp"

namespace oes {

enum class transactions { yes, no };

struct evidence_settings {
  std::string instance;
  std::string progress_topic;
  look_patience look;
  transactions transactional = transactions::yes;
  std::function<bool(const std::string& topic)> is_written = {};  ///< empty: all topics are
};

class evidence {
 public:
  /// `lands_at`: the progress topic's end as it was read after `publishes` began to lead; -1: not known. `told` hears
  /// why Kafka is looked at again. What is borrowed outlives this object.
  evidence(evidence_settings settings, std::int64_t lands_at, publisher& publishes, progress_store& store,
           session_end& ends, const boost::asio::any_io_executor& loop, std::function<void(const error& why)> told);

  /// Under which Kafka was last compared: a transaction is sent under this one.
  [[nodiscard]] authority proven_authority() const { return proven_; }
  /// Where the next transaction must land; -1: nothing was read since the last one.
  [[nodiscard]] std::int64_t lands_at() const { return lands_at_; }
  void sent() { lands_at_ = -1; }

  // Of the committer alone, so that `held` stays as it is until they end:

  /// Through a new producer nothing is sent before this. Errors: fenced, stopped, refused.
  boost::asio::awaitable<result<void>> prove(const progress_snapshot& held);
  /// The producer's new init has ended a transaction one way or the other: the topic now says which. Errors:
  /// not_committed with `doubt`, and as above.
  boost::asio::awaitable<result<commit_receipt>> outcome_of(const progress_state& after, const progress_snapshot& held,
                                                            std::string doubt);
  /// The ledger as it is committed, beside whatever else is under way: `held` may go on meanwhile. Waits until it can
  /// be read. Errors: fenced (Kafka holds more than `held`), stopped, refused.
  boost::asio::awaitable<result<ledger_book>> stored_ledger(const progress_snapshot& held);

  void contradict(error why);
  [[nodiscard]] const std::optional<error>& contradiction() const { return contradiction_; }
  boost::asio::awaitable<bool> contradicted() { return contradicted_.wait(); }

 private:
  boost::asio::awaitable<result<kafka_view>> look(const progress_snapshot& held);
  /// What cannot be read, however often, contradicts too.
  error cannot_read(const error& why);
  result<void> believe(const kafka_view& seen, const progress_snapshot& known, std::int64_t producer);

  evidence_settings settings_;
  publisher& publisher_;
  kafka_look look_;
  session_end& session_end_;
  authority proven_;
  std::int64_t lands_at_;
  std::optional<error> contradiction_;
  event contradicted_;
};

}  // namespace oes
