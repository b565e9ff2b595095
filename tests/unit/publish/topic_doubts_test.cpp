#include "publish/topic_doubts.hpp"

#include <doctest/doctest.h>

#include "publish/topic_check.hpp"

using namespace oes;

namespace {

using settings = std::map<std::string, std::string>;

const wanted_topic points{"d", 3, topic_use::data};
const wanted_topic series{"s", 3, topic_use::data_by_series};
const wanted_topic list{"l", 3, topic_use::newest_only};
const wanted_topic progress{"p", 1, topic_use::progress};

std::string doubt(const wanted_topic& topic, const settings& all, int copies = 1,
                  const topic_wishes_by_kind& wishes = {}) {
  return doubt_about(topic, {3, copies, all, 0, 0}, wishes);
}

bool names(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("of a topic as the daemon makes it nothing is doubted") {
  for (const auto& topic : {points, series, list, progress}) {
    for (const int brokers : {1, 2, 3}) {
      auto all = plan_topic(topic, brokers).settings;
      all.try_emplace("min.insync.replicas", "1");
      all.try_emplace("unclean.leader.election.enable", "false");
      all.try_emplace("retention.bytes", "-1");
      // The broker's own, which says nothing of a compacted topic.
      all.try_emplace("retention.ms", "604800000");
      CHECK(doubt(topic, all, brokers).empty());
    }
  }
}

TEST_CASE("data that compaction or retention takes away is doubted, and told how to say that it is meant") {
  const auto compacted = doubt(points, {{"cleanup.policy", "compact"}, {"retention.ms", "604800000"}});
  CHECK(names(compacted, "cleanup.policy=compact: "));
  CHECK(names(compacted, "kafka.topics.data.config"));
  CHECK_FALSE(names(compacted, "retention.ms"));

  const auto both = doubt(points, {{"cleanup.policy", "compact,delete"}, {"retention.ms", "604800000"}});
  CHECK(names(both, "cleanup.policy=compact,delete: "));
  CHECK(names(both, "; retention.ms=604800000: "));

  for (const auto& topic : {points, series}) {
    CHECK(
        names(doubt(topic, {{"cleanup.policy", "delete"}, {"retention.ms", "604800000"}}), "retention.ms=604800000: "));
    CHECK(names(doubt(topic, {{"cleanup.policy", "delete"}, {"retention.bytes", "1000"}}), "retention.bytes=1000: "));
  }
}

TEST_CASE("what the operator wished is meant, and only that") {
  topic_wishes_by_kind wishes;
  wishes.data.config = {{"retention.ms", "86400000"}, {"cleanup.policy", "compact,delete"}};
  CHECK(doubt(points, {{"cleanup.policy", "compact,delete"}, {"retention.ms", "86400000"}}, 1, wishes).empty());
  CHECK(
      names(doubt(points, {{"cleanup.policy", "delete"}, {"retention.ms", "1000"}}, 1, wishes), "retention.ms=1000: "));
  CHECK(names(doubt(list, {{"cleanup.policy", "compact,delete"}}, 1, wishes), "cleanup.policy=compact,delete: "));
}

TEST_CASE("an acknowledged record that may be lost with one broker is doubted, of every topic") {
  for (const auto& topic : {points, series, list, progress}) {
    CHECK(names(doubt(topic, {{"unclean.leader.election.enable", "true"}}), "unclean.leader.election.enable=true: "));
    CHECK(names(doubt(topic, {{"min.insync.replicas", "1"}}, 3), "min.insync.replicas=1: "));
    CHECK(doubt(topic, {{"min.insync.replicas", "2"}}, 3).empty());
    // With two copies the loss of a broker would stop the writing.
    CHECK(doubt(topic, {{"min.insync.replicas", "1"}}, 2).empty());
  }
}

TEST_CASE("a progress topic that takes no large records is doubted") {
  CHECK(names(doubt(progress, {{"max.message.bytes", "65536"}}), "max.message.bytes=65536: "));
  CHECK(doubt(progress, {{"max.message.bytes", "1048588"}}).empty());
  CHECK(doubt(points, {{"max.message.bytes", "65536"}}).empty());
  topic_wishes_by_kind wishes;
  wishes.progress.config = {{"max.message.bytes", "65536"}};
  CHECK(doubt(progress, {{"max.message.bytes", "65536"}}, 1, wishes).empty());
}

TEST_CASE("settings that cannot be read are no reason to doubt") {
  for (const auto& topic : {points, series, list, progress}) CHECK(doubt(topic, {}, 3).empty());
}
