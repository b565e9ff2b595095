// What was published before is compared with only where the topics reach as far as what is known to be committed.
#include "app/published_before.hpp"
#include "app/parts.hpp"

#include <doctest/doctest.h>

#include "integration/progress/temp_folder.hpp"
#include "kafka/kafka_conf.hpp"
#include "records/value_hash.hpp"
#include "support/mock_broker.hpp"
#include "support/run_on_loop.hpp"

using namespace oes;

namespace {

struct bed {
  bed() {
    config.publish.bootstrap_servers = broker.bootstrap();
    config.publish.delivery = delivery_guarantee::at_least_once;  // the mock knows no read_committed
    config.telemetry.log_level = "error";
    config.progress_path = folder.path();
    stream_spec stream;
    stream.name = "nem";
    stream.metrics = {"power"};
    stream.topic = "power";
    stream.primary = primary_grouping::network_region;
    group = make_groups({stream}).front();
    broker.make_topic("power", 1);
    broker.make_topic(progress_topic(config.publish), 1);
    committed.state.members[group.members.front().key] = {};
  }

  result<published_before> read() {
    parts all(config);
    event tap(all.loop.get_executor());
    label_places places;
    const look_patience none{std::chrono::milliseconds(0), std::chrono::milliseconds(0)};
    return test::run_on_loop(all.loop, read_published(topic_access_of(all.config, all.telling.log), tap, group,
                                                      {{0, asked}}, committed, places, none));
  }

  /// A record of the point at `label`, written to partition 0.
  void put(const std::string& version, const std::string& value) const {
    const std::string key = "v1|NEM|5m|power|region=NSW1|2026-11-23T10:05:00+10:00";
    const std::string record =
        R"({"interval":"2026-11-23T10:05:00+10:00","stream":"nem","metric":"power","grouping":"network_region",)"
        R"("revision":0,"version":)" +
        version + R"(,"value":)" + value + "}";
    auto conf = make_conf({{"bootstrap.servers", broker.bootstrap()}, {"linger.ms", "0"}});
    std::array<char, 512> why{};
    const kafka_client client(rd_kafka_new(RD_KAFKA_PRODUCER, conf->release(), why.data(), why.size()));
    REQUIRE(client);
    const auto failed = rd_kafka_producev(client.get(), RD_KAFKA_V_TOPIC("power"), RD_KAFKA_V_PARTITION(0),
                                          RD_KAFKA_V_KEY(key.data(), key.size()),
                                          RD_KAFKA_V_VALUE(const_cast<char*>(record.data()), record.size()),
                                          RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_END);
    REQUIRE(failed == RD_KAFKA_RESP_ERR_NO_ERROR);
    REQUIRE(rd_kafka_flush(client.get(), 10'000) == RD_KAFKA_RESP_ERR_NO_ERROR);
  }

  mock_broker broker;
  temp_folder folder;
  configuration config;
  request_group group;
  progress_snapshot committed;
  range_set asked;
  const network_time label = parse_offset_time("2026-11-23T10:05:00+10:00")->local;
};

}  // namespace

TEST_CASE("P2b: topics that reach as far as what is committed are compared with") {
  bed it;
  CHECK(it.read().has_value());
}

TEST_CASE("P2b: a data topic that ends below a committed record hides revisions: refused, nothing is compared") {
  bed it;
  it.committed.state.written = {{"power", {{0, 5}}}};
  const auto found = it.read();
  REQUIRE(found.has_error());
  CHECK(found.error().code == errc::refused);
  CHECK(found.error().context.find("topic power, partition 0 ends at offset 0") != std::string::npos);
}

TEST_CASE("P2b: a partition that holds committed records and that the broker does not know is no empty one") {
  bed it;
  it.committed.state.written = {{"power", {{1, 5}}}};
  const auto found = it.read();
  REQUIRE(found.has_error());
  CHECK(found.error().code == errc::refused);
  CHECK(found.error().context.find("topic power, partition 1 is not known there") != std::string::npos);
}

TEST_CASE("P2b: a progress topic that ends below what is committed hides an operator's breaks: refused likewise") {
  bed it;
  it.committed.place.offset = 3;
  const auto found = it.read();
  REQUIRE(found.has_error());
  CHECK(found.error().code == errc::refused);
  CHECK(found.error().context.find(progress_topic(it.config.publish)) != std::string::npos);
}

// As after a broker's answer that was lost: the first one has arrived, and comes again with what the API says by then.
TEST_CASE("B7 a record that at_least_once repeats stops no refresh: the newest version is what was published last") {
  bed it;
  it.asked.add({it.label, it.label + std::chrono::minutes(5)});
  it.put("100", "1.5");
  it.put("200", "2.5");
  const auto found = it.read();
  REQUIRE(found.has_value());
  CHECK(found->twice.empty());
  REQUIRE(found->known.size() == 1);
  const auto series = found->known[0].find({{"region", "NSW1"}});
  REQUIRE(series);
  CHECK(found->known[0].at(*series, it.label).value_hash == value_hash("2.5"));
}
