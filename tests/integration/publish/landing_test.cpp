// Where records land tells whether Kafka is what it was known to be.
#include <doctest/doctest.h>

#include "publish/client_properties.hpp"
#include "publish/transact.hpp"
#include "support/mock_broker.hpp"

using namespace oes;

namespace {

constexpr std::int16_t produce = 0;

struct one_producer {
  one_producer() {
    broker.make_topic("a", 1);
    settings.bootstrap_servers = broker.bootstrap();
    broker.make_topic(progress_topic(settings), 1);
    made = producer::make(settings, "test", log).value();
    while (made->init(std::chrono::milliseconds(500)).state == init_state::again && !enough.over()) {
    }
    REQUIRE(made->initialised());
    txn.begin = {"begin", "1"};
    txn.data.push_back({{"a"}, {}, "keyvalue", {{0, 5, 3, 0, false}}});
    txn.progress.push_back({"progress", "1"});
  }
  transaction_end run() { return transact(*made, txn, enough, enough); }
  /// A first transaction of three records, whose place the next one knows.
  void commit_three() {
    txn.data = {{{"a"}, {}, "keyvalue", {{0, 5, 3, 0, false}, {0, 5, 3, 0, false}, {0, 5, 3, 0, false}}}};
    const auto end = run();
    REQUIRE(end.how == ending::committed);
    txn.lands_at = end.progress_offset + 1;
    txn.progress_end = end.progress_offset;
    txn.written = end.data;
    REQUIRE(txn.written.at("a").at(0) == 2);
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

TEST_CASE("B8 the first record lands where the reading ended: the reading is proved") {
  one_producer bed;
  bed.txn.lands_at = 0;
  const auto end = bed.run();
  CHECK(end.how == ending::committed);
  CHECK(end.begin_offset == 0);
}

TEST_CASE("B8 it lands elsewhere: a broker that lags behind was read; nothing is committed, the line says why") {
  one_producer bed;
  REQUIRE(bed.run().how == ending::committed);
  bed.txn.lands_at = 0;
  const auto end = bed.run();
  CHECK(end.how == ending::not_committed);
  CHECK(end.why.code == errc::not_committed);
  CHECK(end.why.context.find("was read to offset 0") != std::string::npos);
  CHECK(end.why.context.find("lags behind") != std::string::npos);
}

TEST_CASE("B2 a record that lands at or below what was committed before: refused, nothing is committed") {
  one_producer progress;
  progress.txn.progress_end = 7;
  CHECK(progress.run().why.code == errc::refused);

  one_producer data;
  data.txn.written = {{"a", {{0, 0}}}};
  const auto end = data.run();
  CHECK(end.how == ending::not_committed);
  CHECK(end.why.code == errc::refused);
  CHECK(end.why.context.find("topic a, partition 0 lost records") != std::string::npos);
}

TEST_CASE("B5 a right that is lost before the begin: nothing is begun") {
  one_producer bed;
  const auto end = transact(*bed.made, bed.txn, bed.enough, bed.enough, [] { return false; });
  CHECK(end.how == ending::not_started);
}

// librdkafka counts on from the broker's -1: the records of that batch seem to have landed at -1, 0 and 1.
TEST_CASE("B2 a batch that was written by an earlier try has landed nowhere, none of its records") {
  one_producer bed;
  bed.commit_three();
  bed.txn.progress.clear();  // so that the begin record is followed by data
  bed.broker.fail_second(produce, RD_KAFKA_RESP_ERR_DUPLICATE_SEQUENCE_NUMBER);
  const auto end = bed.run();
  INFO(end.why.context);
  CHECK(end.how == ending::committed);
  CHECK_FALSE(end.data.contains("a"));
}

TEST_CASE("B2 where the progress has landed is not told: the topic is read before anything follows") {
  one_producer bed;
  bed.commit_three();
  bed.txn.data.clear();
  bed.broker.fail_second(produce, RD_KAFKA_RESP_ERR_DUPLICATE_SEQUENCE_NUMBER);
  const auto end = bed.run();
  CHECK(end.how == ending::unknown);
  CHECK(end.why.context.find("did not say where") != std::string::npos);
}

TEST_CASE("B8 where the begin record has landed is not told: the reading is not proved, nothing is committed") {
  one_producer bed;
  bed.commit_three();
  bed.broker.fail_next(produce, RD_KAFKA_RESP_ERR_DUPLICATE_SEQUENCE_NUMBER);
  const auto end = bed.run();
  CHECK(end.how == ending::not_committed);
  CHECK(end.why.code == errc::not_committed);
  CHECK(end.why.context.find("did not say where") != std::string::npos);
}
