#include "commit/refused_batches.hpp"

#include <doctest/doctest.h>

using namespace oes;

namespace {

record_batch two_topics() {
  record_batch out;
  out.topics = {"a", "b"};
  out.bytes = "k1v1k2v2";
  out.records = {{0, 2, 2, 0, false}, {4, 2, 2, 1, false}};
  return out;
}

}  // namespace

TEST_CASE("of a batch that is refused the topic's own records are tried again, once") {
  refused_batches kept;
  kept.keep("b", two_topics());
  const auto tried = kept.take("b");
  REQUIRE(tried.records.size() == 1);
  CHECK(tried.value(tried.records.front()) == "v2");
  CHECK(kept.take("b").bytes == "rehearsal{}");
}

TEST_CASE("nothing is kept for a topic that is not known, or that the batch does not go to") {
  refused_batches kept;
  kept.keep("", two_topics());
  kept.keep("c", two_topics());
  const auto tried = kept.take("c");
  CHECK(tried.topics.front() == "c");
  CHECK(tried.key(tried.records.front()) == "rehearsal");
  CHECK(tried.value(tried.records.front()) == "{}");
}
