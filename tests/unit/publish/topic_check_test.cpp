#include "publish/topic_check.hpp"

#include <doctest/doctest.h>

#include "publish/topic_doubts.hpp"

using namespace oes;

TEST_CASE("the progress topic is one compacted partition, on three brokers with two copies in sync") {
  const auto alone = plan_topic({"p", 3, topic_use::progress}, 1);
  CHECK(alone.partitions == 1);
  CHECK(alone.replication == 1);
  CHECK(settings_text(alone.settings) == "cleanup.policy=compact segment.bytes=33554432 segment.ms=86400000");
  const auto three = plan_topic({"p", 1, topic_use::progress}, 5);
  CHECK(three.replication == 3);
  CHECK(settings_text(three.settings) ==
        "cleanup.policy=compact min.insync.replicas=2 segment.bytes=33554432 segment.ms=86400000");
}

TEST_CASE("a data topic keeps everything; two brokers replicate but can lose one without stopping writes") {
  const auto plan = plan_topic({"d", 6, topic_use::data}, 2);
  CHECK(plan.partitions == 6);
  CHECK(plan.replication == 2);
  CHECK(settings_text(plan.settings) == "cleanup.policy=delete retention.ms=-1");
}

TEST_CASE("who may make which topic") {
  const wanted_topic progress{"p", 1, topic_use::progress};
  const wanted_topic data{"d", 3, topic_use::data};
  CHECK(may_create(progress, topic_creation::all));
  CHECK(may_create(data, topic_creation::all));
  CHECK(may_create(progress, topic_creation::progress));
  CHECK_FALSE(may_create(data, topic_creation::progress));
  CHECK_FALSE(may_create(progress, topic_creation::none));
}

TEST_CASE("the operator gets a line to paste") {
  CHECK(kafka_topics_line(plan_topic({"d", 3, topic_use::data}, 3), "broker:9092") ==
        "kafka-topics --bootstrap-server broker:9092 --create --topic d --partitions 3 --replication-factor 3 "
        "--config cleanup.policy=delete --config min.insync.replicas=2 --config retention.ms=-1");
}

TEST_CASE("a progress topic that could forget is refused, saying why") {
  const wanted_topic wanted{"openelectricity.progress.x", 1, topic_use::progress};
  const topic_facts fine{1, 1, {{"cleanup.policy", "compact"}}, 0, 0};
  CHECK(check_topic(wanted, fine).has_value());
  for (const auto* policy : {"delete", "compact,delete"}) {
    const auto refused = check_topic(wanted, {1, 1, {{"cleanup.policy", policy}}, 0, 0});
    REQUIRE(refused.has_error());
    CHECK(refused.error().code == errc::kafka_refused);
    CHECK(refused.error().context.find(std::string("cleanup.policy=") + policy) != std::string::npos);
  }
  const auto split = check_topic(wanted, {3, 1, {{"cleanup.policy", "compact"}}, 0, 0});
  REQUIRE(split.has_error());
  CHECK(split.error().context.find("3 partitions") != std::string::npos);
}

TEST_CASE("a compacted topic is refused for records whose key names a series, and fine for those of points") {
  for (const auto* policy : {"compact", "compact,delete", "delete,compact"}) {
    const topic_facts facts{3, 1, {{"cleanup.policy", policy}}, 0, 0};
    CHECK(check_topic({"d", 3, topic_use::data}, facts).has_value());
    const auto refused = check_topic({"d", 3, topic_use::data_by_series}, facts);
    REQUIRE(refused.has_error());
    CHECK(refused.error().code == errc::kafka_refused);
    CHECK(refused.error().context.find("topic d has cleanup.policy=") != std::string::npos);
  }
  CHECK(check_topic({"d", 3, topic_use::data_by_series}, {3, 1, {{"cleanup.policy", "delete"}}, 0, 0}).has_value());
}

TEST_CASE("settings that cannot be read are no reason to refuse") {
  CHECK(check_topic({"p", 1, topic_use::progress}, {1, 1, {}, 0, 0}).has_value());
}

TEST_CASE("a topic of which only the newest record counts is made compacted; another policy is doubted, not refused") {
  const wanted_topic list{"l", 3, topic_use::newest_only};
  CHECK(settings_text(plan_topic(list, 1).settings) == "cleanup.policy=compact");
  CHECK_FALSE(may_create(list, topic_creation::progress));
  const topic_facts deletes{3, 1, {{"cleanup.policy", "delete"}}, 0, 0};
  CHECK(check_topic(list, deletes).has_value());
  CHECK(doubt_about(list, deletes, {}).find("cleanup.policy=delete") != std::string::npos);
  CHECK(doubt_about(list, {3, 1, {{"cleanup.policy", "compact"}}, 0, 0}, {}).empty());
}

TEST_CASE("an operator's wishes go before what is usual, kind by kind") {
  topic_wishes_by_kind wishes;
  wishes.data = {12, 2, {{"retention.ms", "86400000"}, {"compression.type", "zstd"}}};
  wishes.progress = {7, 5, {}};
  const auto data = plan_topic({"d", 3, topic_use::data}, 3, wishes);
  CHECK(data.partitions == 12);
  CHECK(data.replication == 2);
  CHECK(settings_text(data.settings) == "cleanup.policy=delete compression.type=zstd retention.ms=86400000");
  const auto progress = plan_topic({"p", 1, topic_use::progress}, 3, wishes);
  CHECK(progress.partitions == 1);
  CHECK(progress.replication == 5);
  CHECK(progress.settings.at("min.insync.replicas") == "2");
  const auto list = plan_topic({"f", 3, topic_use::newest_only}, 1, wishes);
  CHECK(list.partitions == 3);
  CHECK(list.replication == 1);
}

TEST_CASE("what exists and differs from what is wished is told, and only that") {
  topic_wishes_by_kind wishes;
  wishes.data = {12, 2, {{"retention.ms", "1"}, {"compression.type", "zstd"}}};
  const wanted_topic data{"d", 3, topic_use::data};
  const topic_facts facts{3, 3, {{"retention.ms", "-1"}, {"cleanup.policy", "delete"}}, 0, 0};
  CHECK(difference_from_wishes(data, facts, wishes) ==
        "partitions is 3, not 12, replication_factor is 3, not 2, retention.ms is -1, not 1");
  CHECK(difference_from_wishes(data, facts, {}).empty());
  CHECK(difference_from_wishes({"f", 3, topic_use::newest_only}, facts, wishes).empty());
}
