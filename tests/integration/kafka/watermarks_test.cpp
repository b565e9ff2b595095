#include "kafka/watermarks.hpp"

#include <doctest/doctest.h>

#include <chrono>

#include "kafka/consumer.hpp"
#include "support/mock_broker.hpp"

namespace {

using namespace oes;
using namespace std::chrono_literals;

TEST_CASE("the ends of a partition whose broker has gone away are asked for no longer than was allowed") {
  mock_broker kafka;
  kafka.make_topic("t", 1);
  logger log({.log_level = "error"});
  const connection_settings settings{kafka.bootstrap(), {}};
  const auto consumer = kafka_consumer::open(settings, isolation_level::read_uncommitted, log);
  REQUIRE(consumer.has_value());
  watermarks ends;
  REQUIRE(ask_watermarks((*consumer)->get(), "t", 0, 30s, ends) == RD_KAFKA_RESP_ERR_NO_ERROR);
  CHECK(ends.low == 0);
  CHECK(ends.high == 0);
  kafka.set_down();
  // The leader is known still, and its connection is gone: this is where a request waits for it to come back.
  const auto began = std::chrono::steady_clock::now();
  CHECK(ask_watermarks((*consumer)->get(), "t", 0, 2s, ends) != RD_KAFKA_RESP_ERR_NO_ERROR);
  CHECK(std::chrono::steady_clock::now() - began < 60s);
}

TEST_CASE("a partition that is not there has no ends") {
  mock_broker kafka;
  kafka.make_topic("t", 1);
  logger log({.log_level = "error"});
  const auto consumer =
      kafka_consumer::open(connection_settings{kafka.bootstrap(), {}}, isolation_level::read_uncommitted, log);
  REQUIRE(consumer.has_value());
  watermarks ends;
  CHECK(ask_watermarks((*consumer)->get(), "t", 7, 10s, ends) == RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION);
}

}  // namespace
