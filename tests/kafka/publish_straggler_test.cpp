// A request that reaches the broker after its transaction is over (guarantee.md §4, experiments straggler_*.cpp).
#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "publish/producer.hpp"
#include "publish/transact.hpp"
#include "publish_bed.hpp"
#include "support/apikey_proxy.hpp"

using namespace oes;
using namespace oes::kafka_test;

namespace {

constexpr int invalid_producer_epoch = 47;
constexpr int producer_fenced = 90;

/// A deployment whose every connection goes through the proxy.
struct proxied {
  proxied() : settings(settings_for(fresh_name("straggler"))), data(fresh_name("data")) {
    make_topics(settings, {data});
    settings.bootstrap_servers = "127.0.0.1:" + required_env("OES_TEST_PROXY_LISTEN");
    settings.message_timeout = std::chrono::seconds(3);
    // Several Produce requests a transaction, one at a time, so that something can come between them.
    settings.properties = {{"batch.num.messages", "20"}, {"max.in.flight.requests.per.connection", "1"}};
  }
  apikey_proxy proxy{static_cast<std::uint16_t>(std::stoi(required_env("OES_TEST_PROXY_LISTEN"))),
                     static_cast<std::uint16_t>(std::stoi(required_env("OES_TEST_PROXY_TARGET")))};
  publish_settings settings;
  std::string data;

  /// What came of `keys` in the data topic, in order of keys: nothing missing, nothing twice.
  [[nodiscard]] bool holds_exactly(const std::vector<transaction>& txns) const {
    auto keys = keys_of(read_topic(data));
    std::vector<std::string> wanted;
    for (const auto& txn : txns) {
      for (const auto& record : txn.data[0].records) wanted.emplace_back(txn.data[0].key(record));
    }
    std::ranges::sort(keys);
    std::ranges::sort(wanted);
    return keys == wanted;
  }
};

bool refused(const std::string& answer) {
  const int code = error_code_of(answer);
  return code == invalid_producer_epoch || code == producer_fenced;
}

/// Publishes until it is in, as the pipeline does after not_committed; counts on nothing after other errors.
result<commit_receipt> publish_again_until_in(instance& one, const transaction& txn) {
  auto receipt = one.publish(txn);
  for (int i = 0; i < 5 && !receipt && receipt.error().code == errc::not_committed; ++i) receipt = one.publish(txn);
  return receipt;
}

/// One producer that a test keeps against the rule.
std::shared_ptr<producer> initialised_producer(const publish_settings& settings, logger& log) {
  auto made = producer::make(settings, "control", log).value();
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!made->initialised() && std::chrono::steady_clock::now() < deadline) {
    made->init(std::chrono::milliseconds(500));
  }
  return made;
}

// For the table in README.md beside this file.
void tell_straggler_fate(const proxied& bed) {
  const auto code = error_code_of(bed.proxy.answers_to_released().at(0));
  MESSAGE("librdkafka ", std::string(rd_kafka_version_str()), ": the late EndTxn was answered ",
          std::string(rd_kafka_err2name(static_cast<rd_kafka_resp_err_t>(code))));
}

}  // namespace

TEST_CASE("straggler_commit: a commit that arrives during the next transaction finds a new producer") {
  proxied bed;
  instance one(bed.settings);
  REQUIRE(one.lead().has_value());
  const std::vector txns{records_of(0, {bed.data}, 100), records_of(1, {bed.data}, 100),
                         records_of(2, {bed.data}, 100)};
  REQUIRE(one.publish(txns[0]).has_value());

  bed.proxy.add({.key = api_key::end_txn, .what = proxy_action::hold});
  REQUIRE(one.publish(txns[1]).has_value());  // its first EndTxn is held, the second one answered
  REQUIRE(bed.proxy.held() == 1);
  bed.proxy.add({.key = api_key::produce, .what = proxy_action::release_before, .skip = 2});
  const auto second = one.publish(txns[2]);

  CHECK(second.has_value());
  REQUIRE(bed.proxy.wait_for_answers(1, std::chrono::seconds(5)));
  tell_straggler_fate(bed);
  CHECK(refused(bed.proxy.answers_to_released().at(0)));
  CHECK(bed.holds_exactly(txns));
  one.resign();
}

TEST_CASE("straggler_abort: an abort that arrives during the next transaction finds a new producer") {
  proxied bed;
  instance one(bed.settings);
  REQUIRE(one.lead().has_value());
  const std::vector txns{records_of(0, {bed.data}, 100), records_of(1, {bed.data}, 100),
                         records_of(2, {bed.data}, 100)};
  REQUIRE(one.publish(txns[0]).has_value());

  bed.proxy.add({.key = api_key::end_txn, .what = proxy_action::hold});
  REQUIRE(one.publish(txns[1]).has_value());
  bed.proxy.turn_held_into_aborts();
  bed.proxy.add({.key = api_key::end_txn, .what = proxy_action::release_before});
  const auto second = one.publish(txns[2]);

  CHECK(second.has_value());
  REQUIRE(bed.proxy.wait_for_answers(1, std::chrono::seconds(5)));
  tell_straggler_fate(bed);
  CHECK(refused(bed.proxy.answers_to_released().at(0)));
  CHECK(bed.holds_exactly(txns));
  one.resign();
}

TEST_CASE("a failed transaction is ended by the successor's init: no abort is sent that could come late") {
  proxied bed;
  instance one(bed.settings);
  REQUIRE(one.lead().has_value());
  const std::vector txns{records_of(0, {bed.data}, 100), records_of(1, {bed.data}, 100)};
  REQUIRE(one.publish(txns[0]).has_value());

  bed.proxy.add({.key = api_key::produce, .what = proxy_action::hold, .skip = 2, .times = 1000});
  const auto failed = one.publish(txns[1]);
  REQUIRE(failed.has_error());
  // Whether a report of the first records came before the cut is librdkafka's matter: then a part was taken in time.
  INFO(failed.error().context);
  CHECK((failed.error().code == errc::too_large || failed.error().code == errc::not_committed));
  CHECK(failed.error().topic.empty());
  REQUIRE(bed.proxy.held() > 0);
  bed.proxy.clear_rules();
  bed.proxy.add({.key = api_key::produce, .what = proxy_action::release_before, .skip = 2});
  const auto again = publish_again_until_in(one, txns[1]);

  CHECK(again.has_value());
  CHECK(bed.holds_exactly(txns));
  CHECK(std::ranges::all_of(bed.proxy.end_txns(), [](const seen_end_txn& end) { return end.committed; }));
  one.resign();
}

TEST_CASE("a late init of our own fences us, but nobody else leads: the outcome is unknown, not lost") {
  proxied bed;
  bed.settings.producer_idle_retirement = std::chrono::seconds(0);  // every transaction gets a new producer
  instance one(bed.settings);
  REQUIRE(one.lead().has_value());
  one.watch_lost();
  const std::vector txns{records_of(0, {bed.data}, 100), records_of(1, {bed.data}, 100),
                         records_of(2, {bed.data}, 100)};
  REQUIRE(one.publish(txns[0]).has_value());

  bed.proxy.add({.key = api_key::init_producer_id, .what = proxy_action::hold});
  bed.proxy.add({.key = api_key::produce, .what = proxy_action::release_before, .skip = 2});
  const auto disturbed = one.publish(txns[1]);
  REQUIRE(disturbed.has_error());
  CHECK((disturbed.error().code == errc::not_committed || disturbed.error().code == errc::outcome_unknown));
  bed.proxy.clear_rules();

  CHECK(publish_again_until_in(one, txns[1]).has_value());
  CHECK(publish_again_until_in(one, txns[2]).has_value());
  CHECK(bed.holds_exactly(txns));
  CHECK_FALSE(one.has_lost());
  one.resign();
}

TEST_CASE("control: without a new producer the late commit tears the next transaction on this broker") {
  proxied bed;
  logger log({.log_level = "error"});
  stop_request never;
  const deadline long_enough(std::chrono::steady_clock::now() + std::chrono::seconds(60), never);
  const auto kept = initialised_producer(bed.settings, log);
  const std::vector txns{records_of(0, {bed.data}, 100), records_of(1, {bed.data}, 100)};

  bed.proxy.add({.key = api_key::end_txn, .what = proxy_action::hold});
  REQUIRE(transact(*kept, txns[0], long_enough, long_enough).how == ending::committed);
  CHECK(suspicious(kept->wire().counts()));
  bed.proxy.add({.key = api_key::produce, .what = proxy_action::release_before, .skip = 3});
  const auto torn = transact(*kept, txns[1], long_enough, long_enough);

  CHECK(torn.how == ending::not_committed);
  const auto visible = read_topic(bed.data).size();
  MESSAGE("the second transaction: ", torn.why.context, "; visible of its 100 records: ", visible - 100);
  CHECK(visible > 100);
  CHECK(visible < 200);
}

TEST_CASE("control: without a new producer the begin record turns a late abort's silent loss into an error") {
  proxied bed;
  logger log({.log_level = "error"});
  stop_request never;
  const deadline long_enough(std::chrono::steady_clock::now() + std::chrono::seconds(60), never);
  const auto kept = initialised_producer(bed.settings, log);
  const std::vector txns{records_of(0, {bed.data}, 100), records_of(1, {bed.data}, 100)};

  bed.proxy.add({.key = api_key::end_txn, .what = proxy_action::hold});
  REQUIRE(transact(*kept, txns[0], long_enough, long_enough).how == ending::committed);
  bed.proxy.turn_held_into_aborts();
  bed.proxy.add({.key = api_key::produce, .what = proxy_action::release_before, .skip = 3});
  const auto dropped = transact(*kept, txns[1], long_enough, long_enough);

  MESSAGE("the second transaction: ", dropped.why.context);
  CHECK(dropped.how != ending::committed);
  CHECK(bed.holds_exactly({txns[0]}));
}
