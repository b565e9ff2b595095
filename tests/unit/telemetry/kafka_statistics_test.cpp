#include "telemetry/kafka_statistics.hpp"

#include <doctest/doctest.h>

using namespace oes;

TEST_CASE("librdkafka's statistics: the slowest broker counts, and each broker once") {
  const auto told = read_kafka_statistics(R"({"name":"x","msg_cnt":12,"msg_size":3400,"brokers":{
    "k:9092/bootstrap":{"nodeid":-1,"source":"configured","state":"UP","rtt":{"avg":90000,"p99":91000}},
    "GroupCoordinator":{"nodeid":1,"source":"logical","state":"UP","rtt":{"avg":80000,"p99":81000}},
    "k:9092/1":{"nodeid":1,"source":"learned","state":"UP","rtt":{"avg":1500,"p99":4000}},
    "l:9092/2":{"nodeid":2,"source":"configured","state":"UP","rtt":{"avg":2500,"p99":3000}},
    "m:9092/3":{"nodeid":3,"source":"learned","state":"TRY_CONNECT","rtt":{"avg":0,"p99":0}}}})");
  REQUIRE(told);
  CHECK(told->brokers == 3);
  CHECK(told->brokers_up == 2);
  CHECK(told->queued_records == 12);
  CHECK(told->queued_bytes == 3400);
  CHECK(told->round_trip_seconds == doctest::Approx(0.0025));
  CHECK(told->round_trip_p99_seconds == doctest::Approx(0.003));
}

TEST_CASE("what is no such document tells nothing") {
  for (const auto* text : {"", "[]", "{}", R"({"brokers":[]})", R"({"brokers":{)"})
    CHECK_FALSE(read_kafka_statistics(text));
  const auto odd =
      read_kafka_statistics(R"({"msg_cnt":"many","brokers":{"k":1,"l":{"nodeid":1,"source":"learned","rtt":[]}}})");
  REQUIRE(odd);
  CHECK(odd->queued_records == 0);
  CHECK(odd->brokers == 1);
}
