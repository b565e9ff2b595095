// What was published before, told from the records of the data topics: B6 and B7.
#include "verify/past_points.hpp"

#include <doctest/doctest.h>

#include "records/value_hash.hpp"

using namespace oes;

namespace {

const network_time begin = parse_offset_time("2026-11-23T10:00:00+10:00")->local;
const series_labels wind{{"fueltech", "wind"}};

data_point record(std::int64_t revision, std::int64_t version, const std::string& number) {
  data_point out;
  out.stream = "nem";
  out.metric = "power";
  out.interval = begin;
  out.labels = wind;
  out.number = number;
  out.revision = revision;
  out.version = version;
  return out;
}

ledger::entry newest(past_points& seen) {
  auto known = seen.take_known();
  const auto series = known.find(wind);
  REQUIRE(series);
  return known.at(*series, begin);
}

}  // namespace

TEST_CASE("B7 the newest record of a key is the one with the highest version, in whatever order they are read") {
  const std::vector<data_point> written{record(0, 10, "1"), record(1, 20, "2"), record(2, 30, "3")};
  for (const auto& order : std::vector<std::vector<int>>{{0, 1, 2}, {2, 0, 1}, {1, 2, 0}, {2, 1, 0}}) {
    past_points seen(interval_size::m5, {});
    for (const auto i : order) seen.take(written[static_cast<std::size_t>(i)]);
    CHECK(seen.twice().empty());
    CHECK(seen.oldest(begin) == 10);
    const auto held = newest(seen);
    CHECK(held.revision == 2);
    CHECK(held.value_hash == value_hash("3"));
  }
}

TEST_CASE("B7 a key and revision that is there twice is told, in whatever order") {
  const std::vector<data_point> written{record(0, 10, "1"), record(1, 20, "2"), record(1, 25, "2"), record(2, 30, "3")};
  for (const auto& order : std::vector<std::vector<int>>{{0, 1, 2, 3}, {3, 0, 1, 2}, {3, 2, 1, 0}, {1, 2, 0, 3}}) {
    past_points seen(interval_size::m5, {});
    for (const auto i : order) seen.take(written[static_cast<std::size_t>(i)]);
    CHECK(seen.twice() == "nem/power 2026-11-23T10:00:00 revision 1");
  }
}

TEST_CASE("B7 revisions that began again behind an operator's change are not there twice") {
  past_points seen(interval_size::m5, {15});
  seen.take(record(0, 20, "2"));
  seen.take(record(0, 10, "1"));
  CHECK(seen.twice().empty());
  CHECK(newest(seen).value_hash == value_hash("2"));
}

TEST_CASE("labels that are left out take no memory, and how old their oldest record is stays known") {
  past_points seen(interval_size::m5, {});
  auto later = record(0, 20, "2");
  later.interval = begin + std::chrono::hours(24 * 90);
  seen.take(later);
  later.labels = {{"fueltech", "solar"}};
  seen.take(later);
  seen.take(record(0, 10, "1"));
  seen.take(record(1, 30, "3"));
  CHECK(seen.newest_label() == later.interval);
  const auto all = seen.room();
  seen.keep_until(later.interval);
  CHECK(seen.newest_label() == begin);
  CHECK(seen.room() < all);
  const auto kept = seen.room();
  later.version = 5;
  seen.take(later);
  CHECK(seen.room() == kept);
  CHECK(seen.oldest(later.interval) == 5);
  CHECK(newest(seen).revision == 1);
}
