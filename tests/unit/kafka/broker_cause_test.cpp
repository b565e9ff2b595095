#include "kafka/broker_cause.hpp"

#include <doctest/doctest.h>

using namespace oes;
using namespace std::chrono_literals;
using kind = broker_cause::kind;

TEST_CASE("E4: a wrong password is told in the broker's own words") {
  const auto cause = cause_in(
      "FAIL",
      "[thrd:sasl_plaintext://k:9092/bootstrap]: sasl_plaintext://k:9092/bootstrap: SASL authentication error: "
      "Authentication failed: Invalid username or password (after 310ms in state AUTH_REQ)");
  REQUIRE(cause);
  CHECK(cause->what == kind::authentication);
  CHECK(cause->text == "k:9092: SASL authentication error: Authentication failed: Invalid username or password");
}

TEST_CASE("E4: a name that cannot be resolved, and a broker that is away") {
  const auto name = cause_in("FAIL",
                             "[thrd:nowhere:9092/bootstrap]: nowhere:9092/bootstrap: Failed to resolve 'nowhere:9092': "
                             "Name or service not known (after 5ms in state CONNECT)");
  REQUIRE(name);
  CHECK(name->what == kind::name);
  CHECK(name->text == "nowhere:9092: Failed to resolve 'nowhere:9092': Name or service not known");
  const auto away = cause_in("FAIL",
                             "[thrd:sasl_ssl://k:9092/bootstrap]: sasl_ssl://k:9092/bootstrap: Connect to "
                             "ipv4#127.0.0.1:9092 failed: Connection refused (after 0ms in state CONNECT)");
  REQUIRE(away);
  CHECK(away->what == kind::connection);
  CHECK_FALSE(cause_in("CONFWARN", "sasl.mechanisms is not used"));
  CHECK_FALSE(cause_in("GROUP", "rebalancing"));
}

TEST_CASE("E4: of what was heard lately the most telling is remembered") {
  cause_memory memory;
  const cause_memory::time_point start{};
  CHECK(memory.recent(start).empty());
  memory.heard({kind::connection, "one is down"}, start);
  memory.heard({kind::authentication, "wrong password"}, start + 1s);
  memory.heard({kind::connection, "one is down"}, start + 2s);
  CHECK(memory.recent(start + 3s) == "wrong password");
  CHECK(memory.recent(start + 62s).empty());
  memory.heard({kind::connection, "all are down"}, start + 62s);
  CHECK(memory.recent(start + 63s) == "all are down");
}
