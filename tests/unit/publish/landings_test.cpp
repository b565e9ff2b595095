#include "publish/landings.hpp"

#include <librdkafka/rdkafka.h>

#include <doctest/doctest.h>

using namespace oes;

TEST_CASE("B2 where records landed: the first and the last of each partition") {
  landings seen;
  for (const std::int64_t offset : {7, 5, 6}) seen.take("a", 0, offset);
  seen.take("a", 1, 0);
  CHECK(seen.data.at("a").at(0).first() == 5);
  CHECK(seen.written() == last_offsets{{"a", {{0, 7}, {1, 0}}}});
  CHECK_FALSE(seen.progress.first().has_value());
}

TEST_CASE("B2 a record that a later one proves to be delivered was written nowhere that is known") {
  landings seen;
  seen.take("a", 0, RD_KAFKA_OFFSET_INVALID);
  seen.take("a", 0, 8);
  seen.take("a", 1, 4);
  CHECK_FALSE(seen.data.at("a").at(0).first().has_value());
  CHECK(seen.written() == last_offsets{{"a", {{1, 4}}}});
}

TEST_CASE(
    "B2 a batch that an earlier try had written: librdkafka counts on from the broker's -1, and it means nothing") {
  partition_landing seen;
  for (const std::int64_t offset : {90, -1, 0, 1}) seen.take(offset);
  CHECK_FALSE(seen.first().has_value());
  CHECK_FALSE(seen.last().has_value());
}
