#include "model/topic_offsets.hpp"

#include <doctest/doctest.h>

using namespace oes;

TEST_CASE("where partitions end tells what lies in them; an empty one holds nothing") {
  const next_offsets ends{{"power", {{0, 7}, {1, 0}}}, {"empty", {{0, 0}}}};
  CHECK(last_of(ends) == last_offsets{{"power", {{0, 6}}}});
  last_offsets known{{"power", {{0, 9}, {2, 1}}}};
  raise(known, last_of(ends));
  CHECK(known == last_offsets{{"power", {{0, 9}, {2, 1}}}});
}
