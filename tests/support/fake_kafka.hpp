#pragma once
// A Kafka that behaves: transactions become visible or not, the topic can be read back, outcomes can be lost.
#include <boost/asio/awaitable.hpp>
#include <boost/asio/this_coro.hpp>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "async/event.hpp"
#include "progress/operator_reason.hpp"
#include "progress/progress_codec.hpp"
#include "progress/progress_store.hpp"
#include "publish/publisher.hpp"
#include "support/poison.hpp"

namespace oes::test {

/// What happens to the next transaction.
enum class fate {
  commit,
  replace_producer,
  drop,
  take_a_part,
  commit_but_lose_the_answer,
  drop_and_lose_the_answer,
  fence
};

struct fake_kafka {
  std::deque<fate> fates;                                    ///< empty: commit
  std::vector<std::pair<std::string, std::string>> records;  ///< committed data, key and value
  std::vector<std::size_t> transactions;                     ///< records of each committed transaction
  progress_state state;                                      ///< fold of the committed progress records
  ledger_book ledger;                                        ///< fold of the ledger's
  std::vector<kept_reason> reasons;
  std::vector<progress_snapshot> mirrored;
  int loads_that_fail = 0;
  std::deque<progress_state> stale;     ///< what the next readings find instead, and no ledger
  std::int64_t end = -1;                ///< of the progress topic, as a reading is told it
  std::int64_t broken_at = 0;           ///< an operator's break, as a reading finds it
  last_offsets ends;                    ///< what comes next in the data topics
  std::deque<std::int64_t> landed;      ///< `lands_at` of each transaction
  authority right{1, 1};                ///< that the publisher has
  std::set<std::string> refused;        ///< topics for which no record is taken
  std::vector<std::size_t> rehearsals;  ///< records of each
  std::string too_large;                ///< records of progress whose keys begin with this are; empty: none
  event* lost = nullptr;                ///< leadership; nullptr: never

  /// The topic, if any, for whose sake the transaction is refused.
  [[nodiscard]] std::optional<std::string> refused_of(const transaction& txn) const {
    for (const auto& batch : txn.data) {
      for (const auto& record : batch.records) {
        if (refused.contains(batch.topics.at(record.topic))) return batch.topics[record.topic];
      }
    }
    if (txn.purpose == transaction_purpose::commit && refused.contains("progress")) return "progress";
    return std::nullopt;
  }
  /// Whether a record is larger than the progress topic takes: of a rehearsal it comes as data.
  [[nodiscard]] bool is_too_large(const transaction& txn) const {
    if (too_large.empty()) return false;
    for (const auto& message : txn.progress) {
      if (message.key.starts_with(too_large)) return true;
    }
    for (const auto& batch : txn.data) {
      for (const auto& record : batch.records) {
        if (batch.topics.at(record.topic) == "progress" && batch.key(record).starts_with(too_large)) return true;
      }
    }
    return false;
  }
  poison bad;

  void apply(const transaction& txn) {
    std::size_t count = 0;
    for (const auto& batch : txn.data) {
      for (const auto& record : batch.records) records.emplace_back(batch.key(record), batch.value(record));
      count += batch.records.size();
    }
    transactions.push_back(count);
    static_cast<void>(apply_progress_record(state, ledger, txn.begin.key, txn.begin.value));
    for (const auto& message : txn.progress) {
      static_cast<void>(apply_progress_record(state, ledger, message.key, message.value));
      auto reason = decode_reason(message.key, message.value);
      if (reason && *reason) reasons.push_back(std::move(**reason));
    }
  }
};

class fake_publisher final : public publisher {
 public:
  explicit fake_publisher(fake_kafka& kafka) : kafka_(kafka) {}
  boost::asio::awaitable<result<void>> lead() override {
    kafka_.bad.begins("lead");
    co_return result<void>();
  }
  [[nodiscard]] std::string waits_for() const override { return {}; }
  [[nodiscard]] authority current_authority() const override { return kafka_.right; }
  boost::asio::awaitable<void> lost() override {
    kafka_.bad.begins("lost");
    const auto here = co_await boost::asio::this_coro::executor;
    event never(here);
    auto losing = (kafka_.lost == nullptr ? never : *kafka_.lost).wait();
    const bool lost = co_await std::move(losing);
    static_cast<void>(lost);
  }
  void renew(property_pairs /*properties*/, client_renewal /*how*/) override {}
  boost::asio::awaitable<void> resign() override {
    kafka_.bad.begins("resign");
    co_return;
  }
  boost::asio::awaitable<result<commit_receipt>> publish(const transaction& txn) override {
    kafka_.bad.begins("publish");
    kafka_.landed.push_back(txn.lands_at);
    const auto topic = kafka_.refused_of(txn);
    if (txn.purpose == transaction_purpose::rehearsal) kafka_.rehearsals.push_back(txn.data.front().records.size());
    if (topic) co_return error{errc::kafka_refused, "topic " + *topic + " refuses records", {}, 0, *topic};
    if (kafka_.is_too_large(txn))
      co_return error{errc::too_large, "topic progress refuses records: too large", {}, 0, "progress"};
    if (txn.purpose == transaction_purpose::rehearsal) co_return commit_receipt{txn.sequence};
    auto next = fate::commit;
    if (!kafka_.fates.empty()) {
      next = kafka_.fates.front();
      kafka_.fates.pop_front();
    }
    if (txn.under.epoch != kafka_.right.epoch) co_return error{errc::fenced, "another epoch"};
    if (next == fate::replace_producer) ++kafka_.right.producer;
    if (txn.under.producer != kafka_.right.producer) co_return error{errc::not_begun, "a new producer"};
    if (next == fate::fence) co_return error{errc::fenced, "fenced"};
    if (next == fate::commit || next == fate::commit_but_lose_the_answer) kafka_.apply(txn);
    kafka_.bad.has_done_its_work();
    if (next == fate::commit) co_return commit_receipt{txn.sequence, txn.sequence * 10, txn.sequence * 10 - 5};
    if (next == fate::take_a_part) co_return error{errc::too_large, "Kafka took a part within kafka.message_timeout"};
    if (next == fate::drop) co_return error{errc::not_committed, "aborted"};
    co_return error{errc::outcome_unknown, "the answer was lost"};
  }

 private:
  fake_kafka& kafka_;
};

class fake_progress_store final : public progress_store {
 public:
  explicit fake_progress_store(fake_kafka& kafka) : kafka_(kafka) {}
  boost::asio::awaitable<next_offsets> ends_of(std::vector<std::string> topics) override {
    kafka_.bad.begins("ends_of");
    next_offsets asked;
    for (const auto& topic : topics) {
      if (kafka_.ends.contains(topic)) asked[topic] = kafka_.ends.at(topic);
    }
    co_return asked;
  }
  boost::asio::awaitable<result<progress_reading>> load() override {
    kafka_.bad.begins("load");
    if (kafka_.loads_that_fail > 0) {
      --kafka_.loads_that_fail;
      co_return error{errc::kafka_unavailable, "no broker"};
    }
    progress_reading reading;
    reading.found = stored_progress{{kafka_.state, {}}, kafka_.ledger};
    reading.end = kafka_.end;
    reading.broken_at = kafka_.broken_at;
    if (!kafka_.stale.empty()) {
      reading.found = stored_progress{{kafka_.stale.front(), {}}, {}};
      kafka_.stale.pop_front();
    }
    co_return reading;
  }
  boost::asio::awaitable<result<void>> mirror(progress_snapshot snapshot) override {
    kafka_.bad.begins("mirror");
    kafka_.mirrored.push_back(std::move(snapshot));
    kafka_.bad.has_done_its_work();
    co_return result<void>();
  }
  void renew(std::vector<std::pair<std::string, std::string>> /*properties*/) override {}
  bool finish_mirror(std::chrono::milliseconds /*at_most*/) override { return true; }

 private:
  fake_kafka& kafka_;
};

}  // namespace oes::test
