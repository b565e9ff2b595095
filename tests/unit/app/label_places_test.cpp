// What is passed over when the data topics are read again for other labels, and what is not.
#include "app/label_places.hpp"

#include <doctest/doctest.h>

#include "support/times.hpp"

using namespace oes;
using namespace oes::test;

namespace {

const std::string topic = "t";
const member_key power{"nem", "power"};

topic_extents ends_at(std::int64_t end, std::int64_t begin = 0) {
  topic_extents out;
  out[topic].partitions = {{0, begin, end}};
  return out;
}

range_set days_of_november(int from, int to) {
  const auto midnight = at("2026-11-01T00:00:00");
  range_set out;
  out.add({midnight + std::chrono::days(from - 1), midnight + std::chrono::days(to - 1)});
  return out;
}

/// A hundred thousand records a day, from the first of November on.
struct ten_days {
  ten_days() {
    places.follow({power});
    for (std::int64_t offset = 0; offset < 1'000'000; offset += 1000) {
      const auto day = std::chrono::days(offset / 100'000);
      places.note({topic, 0, {}, {}, offset}, at("2026-11-01T10:00:00") + day);
    }
    places.reached(ends_at(1'000'000), 7);
  }

  using offsets = std::vector<std::pair<std::int64_t, std::int64_t>>;
  [[nodiscard]] offsets read_for(const range_set& labels, const topic_extents& now) const {
    offsets out;
    for (const auto& part : places.parts_for(labels, now)) {
      for (const auto& one : part.at(topic).partitions) out.emplace_back(one.begin, one.end);
    }
    return out;
  }

  label_places places;
};

}  // namespace

TEST_CASE("of topics that were read, only where the labels lie is read again, and what has come since") {
  ten_days f;
  CHECK(f.read_for(days_of_november(3, 4), ends_at(1'000'000)) == ten_days::offsets{{200'000, 300'000}});
  CHECK(f.read_for(days_of_november(3, 4), ends_at(1'000'500)) ==
        ten_days::offsets{{200'000, 300'000}, {1'000'000, 1'000'500}});
  CHECK(f.read_for(days_of_november(20, 21), ends_at(1'000'000)).empty());
  CHECK(f.places.lost_before() == 7);
}

TEST_CASE("records of old labels among new ones are found, wherever they lie") {
  ten_days f;
  f.places.note({topic, 0, {}, {}, 900'001}, at("2026-11-03T00:00:00"));
  CHECK(f.read_for(days_of_november(3, 4), ends_at(1'000'000)) ==
        ten_days::offsets{{200'000, 300'000}, {900'000, 905'000}});
}

TEST_CASE("what is too near to what is read is read through: no offset comes twice") {
  ten_days f;
  auto labels = days_of_november(3, 4);
  f.places.note({topic, 0, {}, {}, 310'000}, at("2026-11-03T00:00:00"));
  CHECK(f.read_for(labels, ends_at(1'000'000)) == ten_days::offsets{{200'000, 315'000}});
  f.places.note({topic, 0, {}, {}, 999'999}, at("2026-11-03T00:00:00"));
  CHECK(f.read_for(labels, ends_at(1'000'500)) == ten_days::offsets{{200'000, 315'000}, {995'000, 1'000'500}});
}

TEST_CASE("everything is read where that is not what was read then") {
  ten_days f;
  const auto labels = days_of_november(3, 4);
  SUBCASE("a beginning that is gone") {
    CHECK(f.read_for(labels, ends_at(1'000'000, 5)) == ten_days::offsets{{5, 1'000'000}});
  }
  SUBCASE("another topic of the same name") {
    CHECK(f.read_for(labels, ends_at(900'000)) == ten_days::offsets{{0, 900'000}});
  }
  SUBCASE("a partition more") {
    auto two = ends_at(1'000'000);
    two[topic].partitions.push_back({1, 0, 10});
    CHECK(f.read_for(labels, two) == ten_days::offsets{{0, 1'000'000}, {0, 10}});
  }
  SUBCASE("another member") {
    f.places.follow({power, {"nem", "energy"}});
    CHECK(f.read_for(labels, ends_at(1'000'000)) == ten_days::offsets{{0, 1'000'000}});
  }
  SUBCASE("but for fewer members nothing is forgotten") {
    f.places.follow({});
    CHECK(f.places.fits(ends_at(1'000'000)));
  }
}
