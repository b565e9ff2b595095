// Who may write: the group's assignment is the lease, the transactional id the guarantee behind it.
#include <doctest/doctest.h>

#include "publish_bed.hpp"
#include "support/apikey_proxy.hpp"

using namespace oes;
using namespace oes::kafka_test;
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

namespace {

struct bed {
  bed() : settings(settings_for(fresh_name("lead"))), data(fresh_name("data")) { make_topics(settings, {data}); }
  publish_settings settings;
  std::string data;

  [[nodiscard]] publish_settings through_proxy() const {
    auto proxied = settings;
    proxied.bootstrap_servers = "127.0.0.1:" + required_env("OES_TEST_PROXY_LISTEN");
    return proxied;
  }
};

std::unique_ptr<apikey_proxy> start_proxy() {
  return std::make_unique<apikey_proxy>(static_cast<std::uint16_t>(std::stoi(required_env("OES_TEST_PROXY_LISTEN"))),
                                        static_cast<std::uint16_t>(std::stoi(required_env("OES_TEST_PROXY_TARGET"))));
}

}  // namespace

TEST_CASE("a second instance waits and takes over within a second of the first one's resignation") {
  const bed where;
  instance first(where.settings, "first");
  REQUIRE(first.lead().has_value());
  REQUIRE(first.publish(records_of(1, {where.data}, 5)).has_value());

  instance second(where.settings, "second");
  const auto waiting = second.begin(second.port().lead());
  for (int i = 0; i < 30; ++i) {
    second.run_for(milliseconds(50));
    first.run_for(milliseconds(20));
  }
  CHECK_FALSE(waiting->has_value());
  REQUIRE(first.publish(records_of(2, {where.data}, 5)).has_value());

  first.resign();
  const auto resigned = steady_clock::now();
  second.run_until([&] { return waiting->has_value(); }, seconds(20));
  const auto took = steady_clock::now() - resigned;
  REQUIRE(waiting->value().has_value());
  CHECK(took < seconds(1));
  CHECK(second.publish(records_of(3, {where.data}, 5)).has_value());
  CHECK(read_topic(where.data).size() == 15);
  second.resign();
}

// librdkafka before 2.2 aborts where a consumer is destroyed between its group's answer and its first assignment
// (#4312).
TEST_CASE("an instance that leaves while it is still joining leaves in one piece") {
  const bed where;
  instance first(where.settings, "first");
  REQUIRE(first.lead().has_value());
  const auto proxy = start_proxy();
  proxy->add({.key = api_key::sync_group, .what = proxy_action::delay_answer, .times = 10, .delay = milliseconds(700)});
  instance second(where.through_proxy(), "second");
  const auto waiting = second.begin(second.port().lead());
  second.run_until([&] { return proxy->requests(api_key::sync_group) > 0; }, seconds(20));
  second.resign();
  CHECK((!waiting->has_value() || waiting->value().has_error()));
  CHECK(first.publish(records_of(1, {where.data}, 5)).has_value());
  first.resign();
}

TEST_CASE("without standby a second instance gives up, saying who is in its way") {
  const bed where;
  instance first(where.settings, "first");
  REQUIRE(first.lead().has_value());
  auto impatient = where.settings;
  impatient.standby = false;
  instance second(impatient, "second");
  const auto refused = second.lead();
  REQUIRE(refused.has_error());
  CHECK(refused.error().code == errc::fenced);
  CHECK(refused.error().context.find(where.settings.deployment) != std::string::npos);
  first.resign();
}

TEST_CASE("a leader cut off from Kafka loses to a successor and publishes nothing when it comes back") {
  const bed where;
  const auto proxy = start_proxy();
  instance lonely(where.through_proxy(), "lonely");
  REQUIRE(lonely.lead().has_value());
  REQUIRE(lonely.publish(records_of(1, {where.data}, 5)).has_value());
  lonely.watch_lost();

  proxy->silence(true);
  instance successor(where.settings, "successor");
  REQUIRE(successor.lead().has_value());
  REQUIRE(successor.publish(records_of(2, {where.data}, 5)).has_value());
  proxy->silence(false);

  const auto late = lonely.publish(records_of(2, {where.data}, 7));
  REQUIRE(late.has_error());
  CHECK(late.error().code == errc::fenced);
  lonely.run_until([&] { return lonely.has_lost(); }, seconds(10));
  CHECK(successor.publish(records_of(3, {where.data}, 5)).has_value());
  CHECK(read_topic(where.data).size() == 15);
  successor.resign();
  lonely.resign();
}

TEST_CASE("resigning takes a few seconds at most when Kafka does not answer, also during a transaction") {
  const bed where;
  const auto proxy = start_proxy();
  instance one(where.through_proxy(), "one");
  REQUIRE(one.lead().has_value());
  REQUIRE(one.publish(records_of(1, {where.data}, 5)).has_value());

  proxy->silence(true);
  auto txn = records_of(2, {where.data}, 5);
  txn.under = one.port().current_authority();
  const auto publishing = one.begin(one.port().publish(txn));
  one.run_for(milliseconds(300));
  CHECK_FALSE(publishing->has_value());
  const auto asked = steady_clock::now();
  one.resign();
  CHECK(steady_clock::now() - asked < seconds(5));
  REQUIRE(publishing->has_value());
  REQUIRE(publishing->value().has_error());
  CHECK(publishing->value().error().code == errc::stopped);
}

TEST_CASE("an instance that has resigned can lead again") {
  const bed where;
  instance one(where.settings);
  REQUIRE(one.lead().has_value());
  one.resign();
  REQUIRE(one.lead().has_value());
  CHECK(one.publish(records_of(1, {where.data}, 5)).has_value());
  one.resign();
}
