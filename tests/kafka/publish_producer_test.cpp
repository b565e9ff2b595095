// When a producer is kept and when it is replaced; how much one transaction can carry.
#include <doctest/doctest.h>
#include <librdkafka/rdkafka.h>

#include "publish/client_properties.hpp"
#include "publish_bed.hpp"
#include "support/apikey_proxy.hpp"

using namespace oes;
using namespace oes::kafka_test;

namespace {

struct bed {
  bed() : settings(settings_for(fresh_name("producer"))), data(fresh_name("data")) {
    make_topics(settings, {data}, 3);
    settings.bootstrap_servers = "127.0.0.1:" + required_env("OES_TEST_PROXY_LISTEN");
  }
  /// Inits seen on the wire while publishing `count` transactions.
  int inits_of(int count) {
    instance one(settings);
    REQUIRE(one.lead().has_value());
    for (int i = 1; i <= count; ++i) REQUIRE(one.publish(records_of(i, {data}, 10)).has_value());
    one.resign();
    return proxy.requests(api_key::init_producer_id);
  }
  apikey_proxy proxy{static_cast<std::uint16_t>(std::stoi(required_env("OES_TEST_PROXY_LISTEN"))),
                     static_cast<std::uint16_t>(std::stoi(required_env("OES_TEST_PROXY_TARGET")))};
  publish_settings settings;
  std::string data;
};

// What a daemon does that took the leadership without the group: bumps the epoch, and is gone.
void init_and_leave(const std::string& id) {
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  for (const auto& [name, value] : {std::pair{"bootstrap.servers", bootstrap()}, {"transactional.id", id}}) {
    REQUIRE(rd_kafka_conf_set(conf, name, value.c_str(), nullptr, 0) == RD_KAFKA_CONF_OK);
  }
  rd_kafka_t* other = rd_kafka_new(RD_KAFKA_PRODUCER, conf, nullptr, 0);
  REQUIRE(other != nullptr);
  CHECK(rd_kafka_init_transactions(other, 20'000) == nullptr);
  rd_kafka_destroy(other);
}

}  // namespace

TEST_CASE("clean transactions share one producer") {
  bed where;
  CHECK(where.inits_of(3) <= 2);  // one, or two where the coordinator was still loading
}

TEST_CASE("a producer that was idle for too long is replaced before the next transaction") {
  bed where;
  where.settings.producer_idle_retirement = std::chrono::seconds(0);
  CHECK(where.inits_of(3) >= 3);  // one each
}

TEST_CASE("fenced by a producer that the group knows nothing of: the progress topic decides, nothing is sent blindly") {
  bed where;
  instance one(where.settings);
  REQUIRE(one.lead().has_value());
  REQUIRE(one.publish(records_of(1, {where.data}, 10)).has_value());
  init_and_leave(transactional_id(where.settings));
  const auto fenced = one.publish(records_of(2, {where.data}, 10));
  REQUIRE(!fenced.has_value());
  CHECK(fenced.error().code == errc::outcome_unknown);
  REQUIRE(one.publish(records_of(2, {where.data}, 10)).has_value());  // the topic said: not there
  CHECK(read_topic(where.data).size() == 20);
}

TEST_CASE("an answer to EndTxn that got lost commits once, and the producer is replaced") {
  bed where;
  where.proxy.add({.key = api_key::end_txn, .what = proxy_action::lose_answer});
  CHECK(where.inits_of(2) >= 2);
  CHECK(read_topic(where.data).size() == 20);
}

TEST_CASE("50,000 records go out in one transaction, without copies, in the order given") {
  bed where;
  instance one(where.settings);
  REQUIRE(one.lead().has_value());
  const auto txn = records_of(1, {where.data}, 50'000);
  const auto began = std::chrono::steady_clock::now();
  REQUIRE(one.publish(txn).has_value());
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began);
  MESSAGE("first transaction, 50,000 records: " << took.count() << " ms");
  const auto seen = read_topic(where.data);
  REQUIRE(seen.size() == 50'000);
  CHECK(seen[0].value == "value of " + seen[0].key);
  one.resign();
}

TEST_CASE("a queue smaller than the transaction is waited for, not an error") {
  bed where;
  where.settings.queue_kbytes = 64;
  instance one(where.settings);
  REQUIRE(one.lead().has_value());
  REQUIRE(one.publish(records_of(1, {where.data}, 20'000)).has_value());
  CHECK(read_topic(where.data).size() == 20'000);
  one.resign();
}

TEST_CASE(
    "the header `schema` arrives with each record that has one, through a full queue and after a failed transaction") {
  bed where;
  where.settings.queue_kbytes = 64;
  const auto bare = fresh_name("bare");
  make_topics(settings_for(where.settings.deployment), {bare});
  instance one(where.settings);
  REQUIRE(one.lead().has_value());
  auto txn = records_of(1, {where.data, bare}, 5'000);
  txn.data[0].schemas = {"openelectricity.network/1"};
  auto nowhere = records_of(1, {"no topic of this name!"}, 1);
  nowhere.data[0].schemas = {"openelectricity.network/1"};
  CHECK_FALSE(one.publish(nowhere).has_value());
  REQUIRE(one.publish(txn).has_value());
  const auto with = read_topic(where.data);
  REQUIRE(with.size() == 5'000);
  for (const auto& record : with) REQUIRE(record.schema == "openelectricity.network/1");
  for (const auto& record : read_topic(bare)) REQUIRE(record.schema.empty());
  one.resign();
}

TEST_CASE("a data topic that does not exist: nothing is begun, and the publisher goes on") {
  bed where;
  instance one(where.settings);
  REQUIRE(one.lead().has_value());
  const auto lost = one.publish(records_of(1, {"no topic of this name!"}, 1));
  REQUIRE(lost.has_error());
  CHECK(lost.error().code == errc::kafka_refused);
  CHECK(lost.error().topic == "no topic of this name!");
  CHECK(one.publish(records_of(2, {where.data}, 10)).has_value());
  one.resign();
}
