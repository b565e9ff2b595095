#pragma once
// Finished batches → transactions → progress. Packs what waits, settles every doubt, mirrors, and only then lets the
// groups go on: progress moves through a commit that carried its records and in no other way (house rule S9).
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/experimental/channel.hpp>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "async/event.hpp"
#include "commit/comparison.hpp"
#include "commit/kafka_look.hpp"
#include "commit/packing.hpp"
#include "commit/progress_commit.hpp"
#include "commit/refused_batches.hpp"
#include "commit/session_end.hpp"
#include "groups/apart_topics.hpp"
#include "groups/work_watch.hpp"
#include "model/batch.hpp"
#include "model/error.hpp"
#include "model/ledger.hpp"
#include "model/member_patch.hpp"
#include "model/progress.hpp"
#include "progress/progress_store.hpp"
#include "publish/publisher.hpp"
#include "records/record_builder.hpp"
#include "telemetry/log.hpp"

namespace oes {

/// What one group hands over: records (may be none) and what is known once they are committed.
struct submission {
  record_batch batch;
  std::vector<std::pair<member_key, member_patch>> changes;
  std::vector<ledger_update> ledger = {};
  std::optional<operator_reason> reason = {};  ///< why records that follow are published again
  transaction_purpose purpose = transaction_purpose::commit;
  std::optional<work_in_hand> work = {};  ///< what it comes of
};

enum class transactions { yes, no };

struct committer_settings {
  std::string instance;
  std::string host;
  chunk_limits transaction;     ///< a transaction holds at most this much, unless one submission alone is larger
  std::size_t queue_bound = 2;  ///< submissions that may wait
  std::chrono::milliseconds retry_pause = std::chrono::milliseconds(500);  ///< the first; doubled up to the longest
  std::chrono::milliseconds longest_pause = std::chrono::seconds(30);
  look_patience look = {};
  transactions transactional = transactions::yes;
  /// What is spent of the credit day, where it is limited: travels with every transaction, for a standby. May be empty.
  std::function<std::optional<credit_use>()> credits = {};
  std::string progress_topic = {};
  event* stop = nullptr;  ///< of the daemon, where there is one: ends every pause
  /// What the last transaction tells of Kafka as a whole, and of progress.json: nullptr, it works; else why it does
  /// not. May be empty.
  std::function<void(const error* why)> kafka = {};
  std::function<void(const error* why)> mirror = {};
  work_watch work = {};  ///< told what a transaction holds
  /// What ended the processes before: travels with a transaction where it has changed, for a standby. May be empty.
  std::function<end_history()> unexpected = {};
  /// After an unexpected end a submission travels alone, so that the next one is ascribed to the right stream.
  std::function<bool()> one_by_one = [] { return false; };
};

/// After each transaction: how it ended, how long it took, how many records it held.
using transaction_observer = std::function<void(std::string_view outcome, steady_span took, std::size_t records)>;

class committer {
 public:
  /// `lands_at`: the progress topic's end as it was read for `start_from`, after `to` began to lead; -1: not known.
  committer(committer_settings settings, progress_snapshot start_from, std::int64_t lands_at, publisher& to,
            progress_store& store, const boost::asio::any_io_executor& loop, logger& log, transaction_observer observe);

  /// The leader's first transaction: generation + 1, our name, and the members that Kafka does not hold yet. Before any
  /// commit().
  boost::asio::awaitable<result<void>> claim(std::vector<std::pair<member_key, member_progress>> members);
  /// The same with an operator's change in the same transaction.
  boost::asio::awaitable<result<void>> claim_edited(const progress_commit& change);
  /// An operator's change while leading, tried once. Only while no submission is under way or waits: the groups are
  /// joined. Errors: not_committed (may be tried again), fenced, stopped.
  boost::asio::awaitable<result<void>> commit_edit(const progress_commit& change);
  /// Completes when the submission's transaction is committed and mirrored; pauses and readings on the way there end at
  /// once on a stop and where leadership is lost. Errors: fenced, stopped; kafka_refused:
  /// tried alone, Kafka refuses it (`topic` says which of its topics, where that is known): nothing of it is committed,
  /// and the others go on.
  boost::asio::awaitable<result<void>> commit(submission work);
  /// Whether the topic would take now what it has refused; nothing is committed. Errors: as commit(), and whatever else
  /// Kafka says.
  boost::asio::awaitable<result<void>> rehearse(std::string topic);
  /// The ledger as it is committed. Waits until it can be read. Errors: stopped.
  boost::asio::awaitable<result<ledger_book>> stored_ledger();
  /// Serves submissions until close() and until none waits; retries what is known not to be committed.
  boost::asio::awaitable<void> run();
  /// Since when it waits for Kafka with the transaction under way; nullopt: it does not.
  [[nodiscard]] std::optional<steady_time> busy_since() const { return busy_since_; }
  /// No more submissions. What waits is still tried once.
  void close();

  /// Completes when Kafka turned out not to hold what was committed: nothing is sent any more (contradiction()).
  boost::asio::awaitable<bool> contradicted() { return contradicted_.wait(); }
  [[nodiscard]] const std::optional<error>& contradiction() const { return contradiction_; }

  [[nodiscard]] const progress_state& state() const { return held_.state; }
  [[nodiscard]] const progress_snapshot& snapshot() const { return held_; }
  [[nodiscard]] version_counter& versions() { return versions_; }
  /// Whose records Kafka refuses; kept by the groups (pipeline/apart_members).
  [[nodiscard]] apart_topics& apart() { return apart_; }
  [[nodiscard]] const apart_topics& apart() const { return apart_; }

 private:
  /// Shared by the caller of commit() and run(): a cancelled caller may be destroyed before run() is done with it.
  struct waiting {
    waiting(submission handed_in, const boost::asio::any_io_executor& loop) : work(std::move(handed_in)), done(loop) {}
    submission work;
    event done;
    result<void> fate;
  };
  using queue = boost::asio::experimental::channel<void(boost::system::error_code, std::shared_ptr<waiting>)>;

  boost::asio::awaitable<void> serve();
  void let_go();
  void add_unexpected(transaction& txn, progress_state& after) const;
  [[nodiscard]] std::vector<work_in_hand> in_hand(std::size_t count) const;
  void take_what_waits();
  [[nodiscard]] std::vector<parcel> parcels(std::size_t count) const;
  [[nodiscard]] std::size_t count_to_carry() const;
  boost::asio::awaitable<void> carry(std::size_t count);
  boost::asio::awaitable<void> try_out();
  boost::asio::awaitable<void> after_failure(std::size_t count, error why);
  void tell_kafka(const error* why);
  [[nodiscard]] transaction make_transaction(std::size_t count, progress_state& after);
  boost::asio::awaitable<result<void>> settle(transaction& txn, progress_state after);
  boost::asio::awaitable<result<void>> prove();
  boost::asio::awaitable<result<kafka_view>> look_at_kafka();
  void contradict(error why);
  /// What cannot be read, however often, contradicts too.
  error cannot_read(const error& why);
  result<void> believe(const kafka_view& seen, const progress_snapshot& known, std::int64_t producer);
  boost::asio::awaitable<result<commit_receipt>> ask_kafka(const progress_state& after, std::string doubt);
  void return_batches(transaction& txn, std::size_t count);
  void finish(std::size_t count, const result<void>& fate);

  committer_settings settings_;
  progress_snapshot held_;
  data_ends told_;  ///< of held_'s ends: what Kafka's records say, as far as this term has written them
  publisher& to_;
  authority right_;             ///< by which this term's content is decided
  std::int64_t lands_at_ = -1;  ///< where the next transaction must land; -1: nothing was read since the last one
  std::optional<error> contradiction_;
  event contradicted_;
  progress_store& store_;
  kafka_look look_;
  boost::asio::any_io_executor loop_;
  logger& log_;
  transaction_observer observe_;
  version_counter versions_;
  queue queue_;
  std::deque<std::shared_ptr<waiting>> ready_;  ///< taken from the queue, not yet committed, in order
  event closed_;
  session_end ends_;
  packing packing_;
  apart_topics apart_;
  std::optional<steady_time> busy_since_;
  refused_batches refused_;
  int failures_ = 0;  ///< transactions in a row that Kafka as a whole did not take
};

}  // namespace oes
