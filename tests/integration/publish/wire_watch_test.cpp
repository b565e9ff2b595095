// Pins, for the librdkafka in use, what the interceptors see of a transaction (guarantee.md §4).
#include "publish/wire_watch.hpp"

#include <doctest/doctest.h>

#include "publish/transact.hpp"
#include "support/mock_broker.hpp"

using namespace oes;

namespace {

constexpr std::int16_t produce_key = 0;
constexpr std::int16_t add_partitions = 24;
constexpr std::int16_t end_txn = 26;

struct watched_producer {
  watched_producer() {
    broker.make_topic("a", 1);
    broker.make_topic("b", 3);
    settings.bootstrap_servers = broker.bootstrap();
    broker.make_topic(progress_topic(settings), 1);
    made = producer::make(settings, "test", log).value();
    while (made->init(std::chrono::milliseconds(500)).state == init_state::again && !enough.over()) {
    }
    REQUIRE(made->initialised());
  }
  transaction_end run() {
    txn = {};
    txn.begin = {"begin", "1"};
    txn.data.push_back({{"a", "b"}, {}, "keyvaluekeyvalue", {{0, 5, 3, 0, false}, {8, 5, 3, 1, false}}});
    txn.progress.push_back({"progress", "1"});
    return transact(*made, txn, enough, enough);
  }
  mock_broker broker;
  publish_settings settings;
  logger log{telemetry_settings{.log_level = "error"}};
  stop_request none;
  deadline enough{std::chrono::steady_clock::now() + std::chrono::seconds(20), none};
  transaction txn;
  std::shared_ptr<producer> made;
};

}  // namespace

TEST_CASE("a clean transaction shows exactly one EndTxn and no failed reply, again and again") {
  watched_producer bed;
  for (int i = 0; i < 3; ++i) {
    const auto end = bed.run();
    CHECK(end.how == ending::committed);
    CHECK(end.progress_offset >= 0);
    CHECK(bed.made->wire().counts().end_txn_sent == 1);
    CHECK(bed.made->wire().counts().failed_replies == 0);
  }
}

TEST_CASE("an EndTxn that has to be sent again is seen twice") {
  watched_producer bed;
  REQUIRE(bed.run().how == ending::committed);
  bed.broker.fail_next(end_txn, RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS);
  CHECK(bed.run().how == ending::committed);
  CHECK(bed.made->wire().counts().end_txn_sent == 2);
  CHECK(suspicious(bed.made->wire().counts()));
}

TEST_CASE("a connection that dies under an EndTxn is seen, though the commit succeeds") {
  watched_producer bed;
  REQUIRE(bed.run().how == ending::committed);
  bed.broker.fail_next(end_txn, RD_KAFKA_RESP_ERR__TRANSPORT);
  CHECK(bed.run().how == ending::committed);
  CHECK(bed.made->wire().counts().failed_replies > 0);
  CHECK(suspicious(bed.made->wire().counts()));
}

TEST_CASE("partitions added in several goes are normal") {
  watched_producer bed;
  REQUIRE(bed.run().how == ending::committed);
  bed.broker.fail_next(add_partitions, RD_KAFKA_RESP_ERR_CONCURRENT_TRANSACTIONS);
  CHECK(bed.run().how == ending::committed);
  CHECK_FALSE(suspicious(bed.made->wire().counts()));
}

TEST_CASE("a record that the broker refuses ends the transaction before its commit") {
  watched_producer bed;
  REQUIRE(bed.run().how == ending::committed);
  bed.broker.fail_next(produce_key, RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED);
  const auto end = bed.run();
  CHECK(end.how == ending::not_committed);
  CHECK(bed.made->wire().counts().end_txn_sent == 0);
}
