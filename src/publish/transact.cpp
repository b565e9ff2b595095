#include "publish/transact.hpp"

#include <optional>
#include <set>

#include "async/clock.hpp"
#include "kafka/fault.hpp"
#include "model/fault_point.hpp"

namespace oes {
namespace {

using std::chrono::milliseconds;

std::string text(const kafka_error& e) {
  return std::string(rd_kafka_error_name(e.get())) + ": " + rd_kafka_error_string(e.get());
}

result<void> send_data(producer& through, const transaction& txn, const deadline& until) {
  for (const auto& batch : txn.data) {
    if (auto sent = through.send(batch, until); !sent) return sent;
    fault_point("transact.batch-sent");
  }
  return {};
}

error not_confirmed() { return fault(errc::not_committed, "the group did not say that this instance still leads"); }

/// `still`: asked before, and again where that was long ago.
result<void> send_progress(producer& through, const transaction& txn, const deadline& until, const still_ours& still) {
  constexpr milliseconds good_for{500};
  std::optional<steady_time> asked;
  for (const auto& message : txn.progress) {
    if (!asked || steady_now() - *asked > good_for) {
      if (!still()) return not_confirmed();
      asked = steady_now();
    }
    if (auto sent = through.send_progress(message, until); !sent) return sent;
    fault_point("transact.amid-progress");
  }
  return {};
}

/// In a transaction the broker's fence decides.
bool is_fenced_by_the_broker() { return true; }

transaction_end committed(const producer& through) {
  const auto& landed = through.landed();
  return {ending::committed, fault(errc::not_committed, ""), landed.progress.last().value_or(-1),
          landed.progress.first().value_or(-1), landed.written()};
}

transaction_end not_known(const std::string& why) {
  return {ending::unknown, fault(errc::not_committed, "commit: " + why)};
}

/// What follows is compared with where the progress stands: where that was not told, the topic is read.
transaction_end committed_somewhere(const producer& through) {
  if (!through.landed().progress.last()) return not_known("Kafka did not say where the progress landed");
  return committed(through);
}

std::string at_or_below(const std::string& where, std::int64_t landed, std::int64_t known) {
  return where + " lost records that this deployment has committed: a new record landed at offset " +
         std::to_string(landed) + ", " + std::to_string(known) + " was written before";
}

/// Nothing lands at or below what is known to be committed, unless Kafka lost it (guarantee.md §3).
result<void> lands_beyond(const producer& through, const transaction& txn) {
  if (seeded_bug("kafka-believed")) return {};
  const auto begin = through.landed().progress.first();
  if (begin && *begin <= txn.progress_end)
    return fault(errc::refused, at_or_below("the progress topic", *begin, txn.progress_end));
  if (seeded_bug("data-ends-unchecked")) return {};
  for (const auto& [topic, partitions] : through.landed().data) {
    const auto known = txn.written.find(topic);
    if (known == txn.written.end()) continue;
    for (const auto& [partition, landed] : partitions) {
      const auto end = known->second.find(partition);
      const auto first = landed.first();
      if (!first || end == known->second.end() || *first > end->second) continue;
      return fault(errc::refused,
                   at_or_below("topic " + topic + ", partition " + std::to_string(partition), *first, end->second));
    }
  }
  return {};
}

/// A reading to the end is proved by writing: nobody else writes after it, so the next record lands there. A broker
/// that was cut off from the controllers serves an end of yesterday.
result<void> send_begin(producer& through, const transaction& txn, const deadline& until) {
  auto sent = through.send_progress(txn.begin, until);
  if (!sent || txn.lands_at < 0 || seeded_bug("unproven-read")) return sent;
  sent = through.await_deliveries(until);
  const auto landed = through.landed().progress.first();
  if (!sent || landed == txn.lands_at) return sent;
  const auto read = "the progress topic was read to offset " + std::to_string(txn.lands_at);
  if (!landed)
    return fault(errc::not_committed, read + ", but Kafka did not say where the next record landed; it is read again");
  return fault(errc::not_committed, read + ", but the next record landed at " + std::to_string(*landed) +
                                        ": a broker that lags behind was read; it is read again");
}

/// A transaction of ours is never empty: librdkafka's yes without an EndTxn is no commit (producer.hpp).
bool was_asked_for(producer& through) { return through.wire().counts().end_txn_sent > 0; }

/// Asked for once; every error, and every doubt, leaves the outcome to the broker.
transaction_end commit(producer& through, const deadline& until, const still_ours& still) {
  constexpr auto look_every = milliseconds(20);
  fault_point("transact.before-end");
  auto coming = through.commit(milliseconds(until.slice_ms(std::chrono::hours(1))));
  while (coming.wait_for(look_every) != std::future_status::ready) {
    if (until.over() || !still()) {
      through.abandon();
      return not_known("no answer as long as it could be waited for");
    }
  }
  const auto failed = coming.get();
  if (failed) return not_known(text(failed));
  if (!was_asked_for(through)) return not_known("the broker was not asked");
  fault_point("transact.end-answered");
  return committed_somewhere(through);
}

/// Only a seeded bug does this: what was sent so far becomes a transaction of its own.
result<void> split_here(producer& through, const deadline& until) {
  if (auto delivered = through.await_deliveries(until); !delivered) return delivered;
  const auto ended = commit(through, until, [] { return true; });
  fault_point("transact.split");
  const kafka_error refused(rd_kafka_begin_transaction(through.client()));
  return ended.how == ending::committed && !refused ? result<void>() : fault(errc::not_committed, "split");
}

/// begin → data → ledger and dictionary → progress: produced in this order, delivered before the commit.
result<void> send_all(producer& through, const transaction& txn, const deadline& until) {
  if (!seeded_bug("no-begin-record")) {
    if (auto sent = send_begin(through, txn, until); !sent) return sent;
  }
  fault_point("transact.begin-record-sent");
  if (seeded_bug("progress-before-data")) {
    auto early = send_progress(through, txn, until, is_fenced_by_the_broker);
    early = early ? split_here(through, until) : early;
    return early && send_data(through, txn, until) ? through.await_deliveries(until)
                                                   : fault(errc::not_committed, "split");
  }
  if (auto sent = send_data(through, txn, until); !sent) return sent;
  fault_point("transact.data-sent");
  if (seeded_bug("progress-in-own-transaction")) {
    if (auto split = split_here(through, until); !split) return split;
  }
  if (auto sent = send_progress(through, txn, until, is_fenced_by_the_broker); !sent) return sent;
  fault_point("transact.progress-sent");
  if (auto delivered = through.await_deliveries(until); !delivered) return delivered;
  return lands_beyond(through, txn);
}

/// The open transaction is left to the successor's init.
transaction_end give_up(producer& through, error why) {
  if (seeded_bug("advance-on-delivery-error")) return committed(through);
  if (seeded_bug("no-retirement-after-abort")) {
    const kafka_error ignored(rd_kafka_abort_transaction(through.client(), 10'000));
    return {ending::not_started, std::move(why)};
  }
  // Fatal: somebody has inited a producer of this name. Although commit was never asked for, what he committed
  // meanwhile decides whether the same content may be sent again: the progress topic is read first (guarantee.md §4).
  const bool fatal = rd_kafka_fatal_error(through.client(), nullptr, 0) != RD_KAFKA_RESP_ERR_NO_ERROR;
  return {fatal ? ending::unknown : ending::not_committed, std::move(why)};
}

/// The topics take the records or say why not; commit is never asked for, so nobody will see them.
transaction_end rehearse(producer& through, const transaction& txn, const deadline& until) {
  auto sent = send_data(through, txn, until);
  if (sent) sent = through.await_deliveries(until);
  return sent ? transaction_end{ending::rehearsed} : give_up(through, sent.error());
}

}  // namespace

std::vector<std::string> topics_of(const transaction& txn) {
  std::set<std::string> names;
  for (const auto& batch : txn.data) names.insert(batch.topics.begin(), batch.topics.end());
  return {names.begin(), names.end()};
}

transaction_end transact(producer& through, const transaction& txn, const deadline& until, const deadline& commit_until,
                         const still_ours& still) {
  if (const auto known = through.know(topics_of(txn), until); !known) {
    return {ending::not_started, known.error()};
  }
  fault_point("transact.before-begin");
  if (!still()) {
    return {ending::not_started, fault(errc::not_committed, "leadership lost before it was begun")};
  }
  through.forget_deliveries();
  through.wire().transaction_begins();
  const kafka_error refused(rd_kafka_begin_transaction(through.client()));
  if (refused) {
    return {ending::not_committed, fault(errc::not_committed, "begin: " + text(refused))};
  }
  fault_point("transact.begun");
  if (txn.purpose == transaction_purpose::rehearsal) return rehearse(through, txn, until);
  if (const auto sent = send_all(through, txn, until); !sent) return give_up(through, sent.error());
  fault_point("transact.all-delivered");
  if (seeded_bug("abort-all-delivered")) return give_up(through, fault(errc::not_committed, "aborted by a test"));
  return commit(through, commit_until, still);
}

transaction_end produce_idempotent(producer& through, const transaction& txn, const deadline& until,
                                   const still_ours& still) {
  through.forget_deliveries();
  if (!still()) return {ending::not_started, not_confirmed()};
  result<void> sent = through.send_progress(txn.begin, until);
  if (sent) sent = send_data(through, txn, until);
  if (sent) sent = through.await_deliveries(until);
  fault_point("deliver.data-delivered");
  if (sent) sent = send_progress(through, txn, until, still);
  if (sent) sent = through.await_deliveries(until);
  fault_point("deliver.progress-delivered");
  if (sent) sent = lands_beyond(through, txn);
  if (!sent) {
    return {ending::not_committed, sent.error()};
  }
  return committed_somewhere(through);
}

}  // namespace oes
