// What was published before is compared with only where the topics reach as far as what is known to be committed.
#include "app/published_before.hpp"
#include "app/parts.hpp"

#include <doctest/doctest.h>

#include "integration/progress/temp_folder.hpp"
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
                                                      {{0, {}}}, committed, places, none));
  }

  mock_broker broker;
  temp_folder folder;
  configuration config;
  request_group group;
  progress_snapshot committed;
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
