#include "publish/refusal.hpp"

#include <doctest/doctest.h>

using namespace oes;

namespace {

// RD_KAFKA_RESP_ERR__INVALID_DIFFERENT_RECORD of librdkafka 2.4 and later.
constexpr auto invalid_different_record = static_cast<rd_kafka_resp_err_t>(-138);

}  // namespace

TEST_CASE("E2: what is refused again, what may pass, and what is innocent") {
  for (const auto code : {RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE,
                          RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, RD_KAFKA_RESP_ERR_INVALID_RECORD}) {
    CHECK(meaning_of(code) == delivery_failure::refused);
  }
  for (const auto code : {RD_KAFKA_RESP_ERR__PURGE_QUEUE, RD_KAFKA_RESP_ERR__PURGE_INFLIGHT,
                          RD_KAFKA_RESP_ERR_OPERATION_NOT_ATTEMPTED, invalid_different_record}) {
    CHECK(meaning_of(code) == delivery_failure::purged);
  }
  for (const auto code : {RD_KAFKA_RESP_ERR__MSG_TIMED_OUT, RD_KAFKA_RESP_ERR__TRANSPORT,
                          RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS, RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE}) {
    CHECK(meaning_of(code) == delivery_failure::passing);
  }
}
