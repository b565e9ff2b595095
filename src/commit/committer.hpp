#pragma once
// Finished batches → transactions → progress. Packs what waits, settles every doubt, mirrors, and only then lets the
// groups go on: progress moves through a commit that carried its records and in no other way.
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "async/event.hpp"
#include "commit/draft.hpp"
#include "commit/evidence.hpp"
#include "commit/packing.hpp"
#include "commit/progress_commit.hpp"
#include "commit/refused_batches.hpp"
#include "commit/session_end.hpp"
#include "commit/submission.hpp"
#include "commit/submission_queue.hpp"
#include "groups/apart_topics.hpp"
#include "groups/work_watch.hpp"
#include "model/batch.hpp"
#include "model/error.hpp"
#include "model/ledger.hpp"
#include "model/progress.hpp"
#include "progress/progress_store.hpp"
#include "publish/publisher.hpp"
#include "records/version_counter.hpp"
#include "telemetry/log.hpp"

namespace oes {

struct committer_settings {
  std::string instance;
  std::string host;
  chunk_limits transaction;     ///< a transaction holds at most this much, unless one submission alone is larger
  std::size_t queue_bound = 2;  ///< submissions that may wait
  std::chrono::milliseconds retry_pause = std::chrono::milliseconds(500);  ///< the first; doubled up to the longest
  std::chrono::milliseconds longest_pause = std::chrono::seconds(30);
  std::chrono::milliseconds mirrored_again_after{10'000};  ///< what the disk did not take
  look_patience look = {};
  std::chrono::milliseconds message_timeout{20'000};  ///< kafka.message_timeout
  transactions transactional = transactions::yes;
  /// What is spent of the credit day, where it is limited: travels with every transaction, for a standby. May be empty.
  std::function<std::optional<credit_use>()> credits = {};
  std::string progress_topic = {};
  last_offsets recorded = {};  ///< as Kafka's records have them when this begins
  /// Whether a topic that was written to is one still: others are not compared. Empty: all are.
  std::function<bool(const std::string& topic)> is_written = {};
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
  /// `lands_at`: the progress topic's end as it was read for `start_from`, after `publishes` began to lead; -1: not
  /// known.
  committer(committer_settings settings, progress_snapshot start_from, std::int64_t lands_at, publisher& publishes,
            progress_store& store, const boost::asio::any_io_executor& loop, logger& log, transaction_observer observe);

  /// The leader's first transaction: generation + 1, our name, and the members that Kafka does not hold yet. Before any
  /// commit().
  boost::asio::awaitable<result<void>> claim(std::vector<std::pair<member_key, member_progress>> members);
  /// The same with an operator's change in the same transaction.
  boost::asio::awaitable<result<void>> claim_edited(const progress_commit& change);
  /// An operator's change while leading, tried once. Only while no submission is under way or waits: the groups are
  /// joined. Errors: not_committed and kafka_unavailable (may be tried again), fenced, stopped.
  boost::asio::awaitable<result<void>> commit_edit(const progress_commit& change);
  /// Completes when the submission's transaction is committed and progress.json was written, or the disk had its chance
  /// to; pauses and readings on the way there end at once on a stop and where leadership is lost. Errors: fenced,
  /// stopped; kafka_refused: tried alone, Kafka refuses it (`topic` says which of its topics, where that is known; the
  /// progress topic: for its size): nothing of it is committed, and the others go on; not_committed: it is more than
  /// Kafka takes in time, and limits() are smaller now.
  boost::asio::awaitable<result<void>> commit(submission work) { return waiting_.hand_in(std::move(work)); }
  /// Whether the topic would take now what it has refused; nothing is committed. Errors: as commit(), and whatever else
  /// Kafka says.
  boost::asio::awaitable<result<void>> rehearse(std::string topic);
  /// The same of the progress topic, with what it has refused of theirs.
  boost::asio::awaitable<result<void>> rehearse_progress(work_key whose);
  /// The ledger as it is committed; may be asked while run() commits. Waits until it can be read. Errors: stopped;
  /// fenced (Kafka holds more than this process knows of just now); refused, after which nothing is sent any more.
  boost::asio::awaitable<result<ledger_book>> stored_ledger();
  /// Serves submissions until close() and until none waits; retries what is known not to be committed.
  boost::asio::awaitable<void> run();
  /// What the disk did not take is written again now and then, for a stream may be silent for a month. Until `over`.
  boost::asio::awaitable<void> mirror_again(event& over);
  /// Since when it waits for Kafka with the transaction under way; nullopt: it does not.
  [[nodiscard]] std::optional<steady_time> busy_since() const { return busy_since_; }
  /// No more submissions. What waits is still tried once.
  void close();
  /// What fails is tried again: so it is from the beginning.
  void retry_failures();
  /// What fails is handed back (stopped), for somebody waits for the groups to end.
  void hand_back_failures();

  /// Completes when Kafka turned out not to hold what was committed: nothing is sent any more (contradiction()).
  boost::asio::awaitable<bool> contradicted() { return evidence_.contradicted(); }
  [[nodiscard]] const std::optional<error>& contradiction() const { return evidence_.contradiction(); }

  /// What a transaction may hold just now: no more than is configured.
  [[nodiscard]] const chunk_limits& limits() const { return packing_.most(); }
  [[nodiscard]] const std::string& progress_topic() const { return settings_.progress_topic; }
  [[nodiscard]] const progress_state& state() const { return held_.state; }
  [[nodiscard]] const progress_snapshot& snapshot() const { return held_; }
  [[nodiscard]] version_counter& versions() { return versions_; }
  /// Whose records Kafka refuses; kept by the groups (pipeline/apart_members).
  [[nodiscard]] apart_topics& apart() { return apart_; }
  [[nodiscard]] const apart_topics& apart() const { return apart_; }

 private:
  boost::asio::awaitable<void> serve();
  void let_go();
  [[nodiscard]] draft_base base() const;
  boost::asio::awaitable<result<void>> settle_edit(draft change);
  [[nodiscard]] std::vector<work_in_hand> in_hand(std::size_t count) const;
  [[nodiscard]] std::size_t count_that_travels() const;
  boost::asio::awaitable<void> commit_first(std::size_t count);
  boost::asio::awaitable<void> rehearse_first();
  boost::asio::awaitable<void> after_failure(std::size_t count, const transaction& tried, error why);
  void keep_refused(const transaction& tried, const error& why);
  void tell_kafka(const error* why);
  boost::asio::awaitable<result<void>> settle(draft& made);
  boost::asio::awaitable<result<commit_receipt>> publish_and_resolve(draft& made);
  boost::asio::awaitable<result<commit_receipt>> publish_compared(transaction& txn);
  boost::asio::awaitable<void> accept(progress_state after, const commit_receipt& receipt);
  boost::asio::awaitable<void> mirror_and_tell();
  boost::asio::awaitable<result<void>> mirror();

  committer_settings settings_;
  progress_snapshot held_;
  last_offsets recorded_;  ///< ends as Kafka's records have them: one transaction behind held_'s
  publisher& publisher_;
  progress_store& store_;
  logger& log_;
  transaction_observer observe_;
  version_counter versions_;
  submission_queue waiting_;
  event closed_;
  session_end session_end_;
  evidence evidence_;
  packing packing_;
  apart_topics apart_;
  std::optional<steady_time> busy_since_;
  refused_batches refused_;
  event hurry_;
  bool is_mirrored_ = true;
  int failures_ = 0;  ///< transactions in a row that Kafka as a whole did not take
};

}  // namespace oes
