// Of what the data topics do not hold, only what was asked for is missed.
#include "app/past_reader.hpp"

#include <doctest/doctest.h>

#include "registry/schema_lookup.hpp"
#include "support/times.hpp"

using namespace oes;
using namespace oes::test;

namespace {

range_set between(network_time from, network_time to) {
  range_set out;
  out.add({from, to});
  return out;
}

}  // namespace

TEST_CASE("records are gone only of labels that are asked for of that member; what came behind them is not missed") {
  stream_spec stream;
  stream.name = "nem";
  stream.metrics = {"power", "energy"};
  stream.topic = "t";
  const auto group = make_groups({stream}).front();
  const time_range first_half{at("2026-11-23T10:00:00"), at("2026-11-23T10:30:00")};
  const time_range second_half{first_half.end, at("2026-11-23T11:00:00")};
  std::map<member_key, member_progress> committed;
  for (const auto& member : group.members) committed[member.key].identity = identity_of(group, member);
  // Published by the live stream after the topics were read.
  committed[group.members[0].key].labels.cover(second_half);
  label_places places;
  const auto gone = [&] {
    past_reader past(group,
                     {{0, between(first_half.begin, first_half.end)}, {1, between(first_half.begin, second_half.end)}},
                     avro::record_decoder(schema_lookup(registry_settings{})), places);
    past.begin({});
    return past.gone(committed);
  };
  CHECK(gone().empty());
  committed[group.members[1].key].labels.cover(second_half);
  CHECK(gone().find("nem/energy 2026-11-23T10:30") != std::string::npos);
  CHECK(gone().find("power") == std::string::npos);
}

namespace {

struct wide_topic {
  wide_topic() {
    stream_spec stream;
    stream.name = "nem";
    stream.metrics = {"power", "energy"};
    stream.topic = "t";
    group = make_groups({stream}).front();
  }

  [[nodiscard]] past_reader open(const range_set& labels, std::size_t most_points) {
    past_reader past(group, {{0, labels}, {1, labels}}, avro::record_decoder(schema_lookup(registry_settings{})),
                     places, most_points);
    past.begin({});
    return past;
  }

  // All series of a label, of both metrics.
  void publish(past_reader& past, network_time label) {
    for (const auto* metric : {"power", "energy"}) {
      for (int series = 0; series < series_of_a_metric; ++series) {
        const auto interval = format(label) + "+10:00";
        const auto key = "v1|NEM|5m|" + std::string(metric) + "|unit=U" + std::to_string(series) + "|" + interval;
        const auto value = R"({"interval":")" + interval + R"(","stream":"nem","metric":")" + metric +
                           R"(","revision":0,"version":)" + std::to_string(++version) + R"(,"value":1})";
        past.take({topic, 0, key, value}, {});
      }
    }
  }

  static constexpr int series_of_a_metric = 1000;
  const std::string topic = "t";
  request_group group;
  label_places places;
  std::int64_t version = 0;
};

std::size_t points_of(const std::vector<published_points>& known, network_time label) {
  std::size_t count = 0;
  for (const auto& one : known) {
    for (std::size_t series = 0; series < one.series(); ++series) {
      if (one.at(static_cast<std::uint16_t>(series), label).published()) ++count;
    }
  }
  return count;
}

const network_time ten = at("2026-11-23T10:00:00");
network_time after_labels(int count) { return bucket_add(ten, interval_size::m5, count); }

}  // namespace

TEST_CASE("where memory ends the newest labels are left out, of all members alike, in whatever order they come") {
  wide_topic topic;
  for (const auto& order : std::vector<std::vector<int>>{{0, 1, 2, 3, 4, 5}, {5, 4, 3, 2, 1, 0}, {3, 0, 5, 1, 4, 2}}) {
    auto past = topic.open(between(ten, after_labels(6)), 7000);
    for (const auto i : order) topic.publish(past, after_labels(i));
    CHECK(past.until() == after_labels(3));
    const auto known = past.take_known();
    for (int i = 0; i < 6; ++i) CHECK(points_of(known, after_labels(i)) == (i < 3 ? 2000 : 0));
  }
}

TEST_CASE("one label alone may take more memory: something is compared each time") {
  wide_topic topic;
  auto past = topic.open(between(ten, after_labels(3)), 100);
  for (int i = 2; i >= 0; --i) topic.publish(past, after_labels(i));
  CHECK(past.until() == after_labels(1));
  CHECK(points_of(past.take_known(), ten) == 2000);
}

TEST_CASE("what lies between the labels that are asked for is not kept") {
  wide_topic topic;
  auto asked = between(ten, after_labels(1));
  asked.add({after_labels(4), after_labels(5)});
  auto past = topic.open(asked, 5000);
  for (int i = 0; i < 6; ++i) topic.publish(past, after_labels(i));
  CHECK(past.until() == network_time::max());
  const auto known = past.take_known();
  for (int i = 0; i < 6; ++i) CHECK(points_of(known, after_labels(i)) == (i == 0 || i == 4 ? 2000 : 0));
}
