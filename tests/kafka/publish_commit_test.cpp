#include <doctest/doctest.h>

#include "publish_bed.hpp"

using namespace oes;
using namespace oes::kafka_test;

TEST_CASE("what a committed transaction carried is what a read_committed reader sees") {
  const auto settings = settings_for(fresh_name("commit"));
  const auto data = fresh_name("data");
  make_topics(settings, {data}, 3);
  instance one(settings);
  REQUIRE(one.lead().has_value());

  const auto first = one.publish(records_of(1, {data}, 10));
  const auto second = one.publish(records_of(2, {data}, 10));

  REQUIRE(first.has_value());
  REQUIRE(second.has_value());
  CHECK(first->sequence == 1);
  CHECK(read_topic(data).size() == 20);
  const auto progress = read_topic(progress_topic(settings));
  REQUIRE(progress.size() == 4);
  CHECK(progress[0].value == "1");
  CHECK(progress[0].key == "begin");
  CHECK(progress[3].key == "progress");
  CHECK(progress[3].offset == second->progress_offset);
  one.resign();
}
