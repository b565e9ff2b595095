// Topics at start, against a real broker's admin calls.
#include <doctest/doctest.h>

#include "kafka/topic_admin.hpp"
#include "publish_bed.hpp"

using namespace oes;
using namespace oes::kafka_test;

namespace {

logger& quiet() {
  static logger log({.log_level = "error"});
  return log;
}

}  // namespace

TEST_CASE("missing topics are made as records.md says, and found as they are at the next start") {
  auto settings = settings_for(fresh_name("topics"));
  const auto data = fresh_name("data");
  const std::vector<wanted_topic> wanted{{progress_topic(settings), 1, topic_use::progress},
                                         {data, 3, topic_use::data}};

  const auto first = prepare_topics(settings, wanted, quiet());
  settings.create_topics = topic_creation::none;
  const auto second = prepare_topics(settings, wanted, quiet());

  REQUIRE(first.has_value());
  REQUIRE(second.has_value());
  CHECK_FALSE(second->cluster_id.empty());
  const auto& progress = second->topics.at(progress_topic(settings));
  CHECK(progress.partitions == 1);
  CHECK(progress.settings.at("cleanup.policy") == "compact");
  CHECK(progress.empty());
  const auto& points = second->topics.at(data);
  CHECK(points.partitions == 3);
  CHECK(points.settings.at("cleanup.policy") == "delete");
  CHECK(points.settings.at("retention.ms") == "-1");
}

TEST_CASE("looking at topics makes none, and refuses what making them would refuse") {
  auto settings = settings_for(fresh_name("topics"));
  const std::vector<wanted_topic> wanted{{progress_topic(settings), 1, topic_use::progress},
                                         {fresh_name("data"), 3, topic_use::data}};
  for (int look = 0; look < 2; ++look) {
    const auto seen = look_at_topics(settings, wanted, quiet());
    REQUIRE(seen.has_value());
    CHECK_FALSE(seen->cluster_id.empty());
    for (const auto& topic : wanted) CHECK(seen->topics.at(topic.name).partitions == 0);
  }
  settings.create_topics = topic_creation::none;
  CHECK(look_at_topics(settings, wanted, quiet()).error().code == errc::kafka_refused);
}

TEST_CASE("a missing data topic that may not be made is refused with the line that makes it") {
  auto settings = settings_for(fresh_name("topics"));
  settings.create_topics = topic_creation::progress;
  const auto data = fresh_name("data");
  const auto refused = prepare_topics(
      settings, {{progress_topic(settings), 1, topic_use::progress}, {data, 3, topic_use::data}}, quiet());
  REQUIRE(refused.has_error());
  CHECK(refused.error().code == errc::kafka_refused);
  CHECK(refused.error().context.find("kafka-topics --bootstrap-server " + bootstrap() + " --create --topic " + data +
                                     " --partitions 3") != std::string::npos);
}

TEST_CASE("a progress topic that deletes, or has two partitions, is refused") {
  const auto settings = settings_for(fresh_name("topics"));
  for (const int partitions : {1, 2}) {
    const auto name = fresh_name("wrong");
    REQUIRE(prepare_topics(settings, {{name, partitions, topic_use::data}}, quiet()).has_value());
    const auto refused = prepare_topics(settings, {{name, 1, topic_use::progress}}, quiet());
    REQUIRE(refused.has_error());
    CHECK(refused.error().code == errc::kafka_refused);
    CHECK(refused.error().context.find(name) != std::string::npos);
  }
}

TEST_CASE("a compacted topic is refused at the start for records whose key names a series") {
  const auto settings = settings_for(fresh_name("topics"));
  const auto name = fresh_name("compacted");
  REQUIRE(prepare_topics(settings, {{name, 1, topic_use::newest_only}}, quiet()).has_value());
  const auto refused = prepare_topics(settings, {{name, 1, topic_use::data_by_series}}, quiet());
  REQUIRE(refused.has_error());
  CHECK(refused.error().code == errc::kafka_refused);
  CHECK(refused.error().context.find("topic " + name + " has cleanup.policy=compact") != std::string::npos);
}

TEST_CASE("a topic that is looked at again says what it no longer keeps") {
  auto settings = settings_for(fresh_name("topics"));
  const auto data = fresh_name("data");
  settings.topics.data.config = {{"retention.ms", "86400000"}};
  const std::vector<wanted_topic> wanted{{data, 1, topic_use::data}};
  REQUIRE(prepare_topics(settings, wanted, quiet()).has_value());
  const auto wished = recheck_topics(settings, wanted, quiet());
  REQUIRE(wished.has_value());
  CHECK(wished->empty());
  settings.topics = {};
  const auto unasked = recheck_topics(settings, wanted, quiet());
  REQUIRE(unasked.has_value());
  CHECK(unasked->find("topic " + data + " has retention.ms=86400000: ") == 0);
}

TEST_CASE("what a topic holds is seen, transactions that are still open included") {
  const auto settings = settings_for(fresh_name("topics"));
  const auto data = fresh_name("data");
  make_topics(settings, {data}, 3);
  instance one(settings);
  REQUIRE(one.lead().has_value());
  REQUIRE(one.publish(records_of(1, {data}, 30)).has_value());
  const auto report = prepare_topics(settings, {{data, 3, topic_use::data}}, quiet());
  REQUIRE(report.has_value());
  CHECK_FALSE(report->topics.at(data).empty());
  CHECK(report->topics.at(data).records_high >= 30);
  one.resign();
}

TEST_CASE("Kafka away is something to try again, not a refusal") {
  auto settings = settings_for(fresh_name("topics"));
  settings.bootstrap_servers = "127.0.0.1:1";
  const auto away = prepare_topics(settings, {{progress_topic(settings), 1, topic_use::progress}}, quiet());
  REQUIRE(away.has_error());
  CHECK(away.error().code == errc::kafka_unavailable);
}

TEST_CASE("too few live brokers for a new topic's copies is waited for: one of them may be coming back") {
  const auto settings = settings_for(fresh_name("topics"));
  const auto admin = topic_admin::connect(settings, quiet());
  REQUIRE(admin.has_value());
  const auto brokers = (*admin)->look();
  REQUIRE(brokers.has_value());
  const topic_plan plan{fresh_name("copies"), 1, brokers->brokers + 1, {}};
  const auto refused = (*admin)->create({plan});
  REQUIRE(refused.has_error());
  CHECK(refused.error().code == errc::kafka_unavailable);
}
