#include "commit/packing.hpp"

#include <doctest/doctest.h>

using namespace oes;
using namespace std::chrono_literals;

namespace {

const transaction_size most({100, 1000}, 20s);
const parcel a{1, 10, 100};
const parcel b{2, 10, 100};
const parcel c{3, 95, 100};

error refused(const std::string& topic) { return {errc::kafka_refused, topic + " refuses", {}, 0, topic}; }
error aborted() { return {errc::not_committed, "timed out"}; }

}  // namespace

TEST_CASE("a transaction takes what fits, and one that is larger alone") {
  const packing pack(most, "progress");
  CHECK(pack.count({a, b}) == 2);
  CHECK(pack.count({a, b, c}) == 2);
  CHECK(pack.count({{1, 1000, 1}, b}) == 1);
  CHECK(pack.count({}) == 0);
}

TEST_CASE("E2: after a refusal each goes alone, the culprit is given back and the others travel together again") {
  packing pack(most, "progress");
  CHECK(pack.failed({a, b}, refused("t")) == after_failure_verdict::repeat);
  CHECK(pack.count({a, b}) == 1);
  pack.committed({a}, 0ms);
  CHECK(pack.count({b}) == 1);
  CHECK(pack.failed({b}, refused("t")) == after_failure_verdict::give_back);
  CHECK(pack.count({a, b}) == 2);
}

TEST_CASE("E2: what comes later does not travel with a suspect") {
  packing pack(most, "progress");
  pack.failed({a, b}, refused("t"));
  CHECK(pack.count({c, a, b}) == 1);
}

TEST_CASE("E2: Kafka that is away is nobody's fault") {
  packing pack(most, "progress");
  for (int i = 0; i < 10; ++i) CHECK(pack.failed({a}, aborted()) == after_failure_verdict::put_last);
  CHECK(pack.failed({b, c}, aborted()) == after_failure_verdict::wait_and_repeat);
}

TEST_CASE("E2: what was never sent is at no fault, while others go, too") {
  packing pack(most, "progress");
  const error nothing_sent{errc::kafka_unavailable, "no answer from Kafka, nothing was begun"};
  for (int i = 0; i < 10; ++i) {
    CHECK(pack.failed({a}, nothing_sent) == after_failure_verdict::wait_and_repeat);
    pack.committed({b}, 0ms);
    CHECK(pack.failed({a, b}, nothing_sent) == after_failure_verdict::wait_and_repeat);
  }
  CHECK(pack.count({a, b}) == 2);
}

TEST_CASE("E2: one that goes on failing for no told reason while others go is given back") {
  packing pack(most, "progress");
  CHECK(pack.failed({a, b}, aborted()) == after_failure_verdict::wait_and_repeat);
  CHECK(pack.failed({a, b}, aborted()) == after_failure_verdict::wait_and_repeat);
  CHECK(pack.count({a, b}) == 1);
  CHECK(pack.failed({a}, aborted()) == after_failure_verdict::put_last);
  pack.committed({b}, 0ms);
  CHECK(pack.failed({a}, aborted()) == after_failure_verdict::put_last);
  CHECK(pack.failed({a}, aborted()) == after_failure_verdict::give_back);
}

TEST_CASE("E2: a progress topic that refuses is nobody's fault either: all wait") {
  packing pack(most, "progress");
  CHECK(pack.failed({a, b}, refused("progress")) == after_failure_verdict::wait_and_repeat);
  CHECK(pack.count({a, b}) == 2);
  CHECK(pack.failed({a}, refused("progress")) == after_failure_verdict::wait_and_repeat);
}

TEST_CASE("E2: a record that is larger than the progress topic takes is the fault of the batch that it belongs to") {
  packing pack(most, "progress");
  const error too_large{errc::too_large, "progress refuses records: too large", {}, 0, "progress"};
  CHECK(pack.failed({a, b}, too_large) == after_failure_verdict::repeat);
  CHECK(pack.count({a, b}) == 1);
  pack.committed({a}, 0ms);
  CHECK(pack.failed({b}, too_large) == after_failure_verdict::give_back);
  CHECK(pack.count({a, b}) == 2);
}

TEST_CASE("F3: what Kafka takes a part of in time goes in smaller parts, the others first") {
  constexpr std::size_t mib = 1024UL * 1024;
  packing pack(transaction_size({1000, 16 * mib}, 20s), "progress");
  const parcel large{7, 100, 4 * mib};
  const parcel other{8, 100, 4 * mib};
  const error in_part{errc::too_large, "Kafka took 3 of 200 records within kafka.message_timeout"};
  CHECK(pack.count({large, other}) == 2);
  CHECK(pack.failed({large, other}, in_part) == after_failure_verdict::wait_and_repeat);
  CHECK(pack.count({large, other}) == 1);
  CHECK(pack.failed({large}, in_part) == after_failure_verdict::cut_anew);
  CHECK(pack.most().bytes == 2 * mib);
  SUBCASE("where smaller parts make no difference it waits, as for a Kafka that is away") {
    for (int i = 0; i < 10; ++i) CHECK(pack.failed({a}, in_part) == after_failure_verdict::put_last);
  }
}

TEST_CASE("E2: what was handed back leaves no suspicion behind") {
  packing pack(most, "progress");
  pack.failed({a, b}, refused("t"));
  for (int i = 0; i < 2; ++i) pack.failed({a}, aborted());
  pack.forget();
  CHECK(pack.count({a, b}) == 2);
  pack.committed({b}, 0ms);
  CHECK(pack.failed({a}, aborted()) == after_failure_verdict::put_last);
}
