// at_least_once from topics to reader, on the broker of the demo.
#include <doctest/doctest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <chrono>

#include "kafka/kafka_conf.hpp"
#include "publish/deadline.hpp"
#include "publish/kafka_publisher.hpp"
#include "publish/producer.hpp"
#include "publish/topics.hpp"
#include "publish/transact.hpp"
#include "support/mock_broker.hpp"

using namespace oes;
namespace asio = boost::asio;

namespace {

struct seen_record {
  std::string key;
  std::string value;
};

std::vector<seen_record> read(const std::string& bootstrap, const std::string& topic, std::size_t count) {
  auto conf = make_conf({{"bootstrap.servers", bootstrap}, {"group.id", "reader"}, {"auto.offset.reset", "earliest"}});
  std::array<char, 512> why{};
  const kafka_client client(rd_kafka_new(RD_KAFKA_CONSUMER, conf->release(), why.data(), why.size()));
  const kafka_partitions from(rd_kafka_topic_partition_list_new(1));
  rd_kafka_topic_partition_list_add(from.get(), topic.c_str(), 0)->offset = RD_KAFKA_OFFSET_BEGINNING;
  rd_kafka_assign(client.get(), from.get());
  std::vector<seen_record> seen;
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (seen.size() < count && std::chrono::steady_clock::now() < end) {
    const std::unique_ptr<rd_kafka_message_t, kafka_delete<rd_kafka_message_destroy>> message(
        rd_kafka_consumer_poll(client.get(), 100));
    if (!message || message->err != RD_KAFKA_RESP_ERR_NO_ERROR) continue;
    seen.push_back({std::string(static_cast<const char*>(message->key), message->key_len),
                    std::string(static_cast<const char*>(message->payload), message->len)});
  }
  return seen;
}

/// Everything a daemon does to the publisher, in one coroutine.
asio::awaitable<std::vector<result<commit_receipt>>> one_reign(publisher& to, std::vector<transaction> txns) {
  std::vector<result<commit_receipt>> receipts;
  const auto leads = co_await to.lead();
  if (leads) {
    for (auto& txn : txns) {
      txn.under = to.current_authority();
      auto receipt = co_await to.publish(txn);
      receipts.push_back(std::move(receipt));
    }
  }
  co_await to.resign();
  co_return receipts;
}

transaction one_record(std::int64_t sequence, const std::string& topic) {
  transaction txn;
  txn.sequence = sequence;
  txn.begin = {"begin", std::to_string(sequence)};
  txn.data.push_back({{topic}, {}, "k" + std::to_string(sequence) + "value", {{0, 5, 2, 0, false}}});
  txn.progress.push_back({"progress", std::to_string(sequence)});
  return txn;
}

}  // namespace

TEST_CASE("at_least_once on a broker without admin calls: topics appear, records arrive, progress follows them") {
  const mock_broker broker;
  publish_settings settings;
  settings.bootstrap_servers = broker.bootstrap();
  settings.delivery = delivery_guarantee::at_least_once;
  logger log({.log_level = "error"});
  const auto report =
      prepare_topics(settings, {{progress_topic(settings), 1, topic_use::progress}, {"data", 3, topic_use::data}}, log);
  INFO((report ? "" : report.error().context));
  REQUIRE(report.has_value());
  CHECK(report->topics.at("data").empty());

  asio::io_context loop{1};
  asio::thread_pool blocking{1};
  std::vector<result<commit_receipt>> receipts;
  {
    const auto to = make_kafka_publisher(settings, "one", loop.get_executor(), blocking.get_executor(), log);
    asio::co_spawn(
        loop, one_reign(*to, {one_record(1, "data"), one_record(2, "data")}),
        [&](const std::exception_ptr&, std::vector<result<commit_receipt>> all) { receipts = std::move(all); });
    loop.run_for(std::chrono::seconds(15));
  }
  blocking.join();

  REQUIRE(receipts.size() == 2);
  REQUIRE(receipts[0].has_value());
  REQUIRE(receipts[1].has_value());
  const auto progress = read(broker.bootstrap(), progress_topic(settings), 4);
  REQUIRE(progress.size() == 4);
  CHECK(progress[0].key == "begin");
  CHECK(progress[1].key == "progress");
  CHECK(progress[3].value == "2");
  CHECK(receipts[1]->progress_offset == 3);
}

TEST_CASE("at_least_once: who does not lead any more once its data has arrived writes no progress") {
  const mock_broker broker;
  publish_settings settings;
  settings.bootstrap_servers = broker.bootstrap();
  settings.delivery = delivery_guarantee::at_least_once;
  logger log({.log_level = "error"});
  REQUIRE(
      prepare_topics(settings, {{progress_topic(settings), 1, topic_use::progress}, {"data", 3, topic_use::data}}, log)
          .has_value());
  const auto through = producer::make(settings, "one", log, {});
  REQUIRE(through.has_value());
  const stop_request stop;
  const deadline until(steady_now() + std::chrono::seconds(10), stop);
  int asked = 0;
  const auto end = produce_idempotent(**through, one_record(1, "data"), until, [&] { return ++asked == 1; });
  CHECK(end.how == ending::not_committed);
  CHECK(asked == 2);
  CHECK(end.why.context.find("still leads") != std::string::npos);
  auto second = one_record(2, "data");
  REQUIRE(produce_idempotent(**through, second, until, [] { return true; }).how == ending::committed);
  const auto progress = read(broker.bootstrap(), progress_topic(settings), 3);
  REQUIRE(progress.size() == 3);
  CHECK(progress[1].key == "begin");
  CHECK(progress[2].value == "2");
  CHECK(produce_idempotent(**through, one_record(3, "data"), until, [] { return false; }).how == ending::not_started);
}

TEST_CASE(
    "at_least_once: a group whose answer is lost is asked again, so that what has arrived need not be sent again") {
  mock_broker broker;
  publish_settings settings;
  settings.bootstrap_servers = broker.bootstrap();
  settings.delivery = delivery_guarantee::at_least_once;
  logger log({.log_level = "error"});
  REQUIRE(
      prepare_topics(settings, {{progress_topic(settings), 1, topic_use::progress}, {"data", 1, topic_use::data}}, log)
          .has_value());
  constexpr std::int16_t offset_commit = 8;
  result<commit_receipt> receipt = error{errc::stopped, "not led"};
  const auto publish_one = [&](publisher& to) -> asio::awaitable<void> {
    const auto leads = co_await to.lead();
    if (!leads) co_return;
    // The group is asked before the data is sent, and again before the progress.
    broker.fail_second(offset_commit, RD_KAFKA_RESP_ERR_UNKNOWN);
    auto txn = one_record(1, "data");
    txn.under = to.current_authority();
    receipt = co_await to.publish(txn);
    co_await to.resign();
  };
  asio::io_context loop{1};
  asio::thread_pool blocking{1};
  {
    const auto to = make_kafka_publisher(settings, "one", loop.get_executor(), blocking.get_executor(), log);
    asio::co_spawn(loop, publish_one(*to), asio::detached);
    loop.run_for(std::chrono::seconds(15));
  }
  blocking.join();
  INFO((receipt ? "" : receipt.error().context));
  CHECK(receipt.has_value());
}

TEST_CASE("exactly_once refuses the mock broker, which keeps no transactions") {
  const mock_broker broker;
  publish_settings settings;
  settings.bootstrap_servers = broker.bootstrap();
  logger log({.log_level = "error"});
  const auto refused = prepare_topics(settings, {{progress_topic(settings), 1, topic_use::progress}}, log);
  REQUIRE(refused.has_error());
  CHECK(refused.error().code == errc::kafka_refused);
}
