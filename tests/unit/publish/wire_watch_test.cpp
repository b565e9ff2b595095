#include "publish/wire_watch.hpp"

#include <doctest/doctest.h>

using namespace oes;

namespace {

constexpr std::int16_t produce = 0;
constexpr std::int16_t metadata = 3;
constexpr std::int16_t init_producer_id = 22;
constexpr std::int16_t add_partitions = 24;
constexpr std::int16_t end_txn = 26;

}  // namespace

TEST_CASE("one EndTxn and clean replies: the producer may be kept, however many partitions were added") {
  wire_watch watch;
  watch.transaction_begins();
  for (int i = 0; i < 5; ++i) {
    watch.request_sent(add_partitions);
    watch.reply(add_partitions, false);
  }
  watch.request_sent(produce);
  watch.reply(produce, false);
  watch.reply(produce, false);  // 2.0.2 reports some replies twice
  watch.request_sent(end_txn);
  watch.reply(end_txn, false);
  CHECK_FALSE(suspicious(watch.counts()));
}

TEST_CASE("a second EndTxn may leave its twin on the way") {
  wire_watch watch;
  watch.transaction_begins();
  watch.request_sent(end_txn);
  watch.request_sent(end_txn);
  CHECK(suspicious(watch.counts()));
}

TEST_CASE("a commit for which no EndTxn was seen is not understood, so not trusted") {
  wire_watch watch;
  watch.transaction_begins();
  CHECK(suspicious(watch.counts()));
}

TEST_CASE("a reply that never came taints the transaction, for each request that belongs to it") {
  for (const auto key : {produce, init_producer_id, add_partitions, end_txn}) {
    wire_watch watch;
    watch.transaction_begins();
    watch.request_sent(end_txn);
    watch.reply(key, true);
    CHECK(suspicious(watch.counts()));
  }
}

TEST_CASE("failures of other requests say nothing about the transaction") {
  wire_watch watch;
  watch.transaction_begins();
  watch.request_sent(end_txn);
  watch.reply(metadata, true);
  CHECK_FALSE(suspicious(watch.counts()));
}

TEST_CASE("each transaction is judged by itself") {
  wire_watch watch;
  watch.transaction_begins();
  watch.request_sent(end_txn);
  watch.reply(end_txn, true);
  watch.transaction_begins();
  watch.request_sent(end_txn);
  CHECK_FALSE(suspicious(watch.counts()));
}
