// E1: what is known of unexpected ends, here and on other hosts, put together.
#include "model/end_history.hpp"

#include <doctest/doctest.h>

#include "support/times.hpp"

using namespace oes;
using namespace oes::test;

namespace {

const work_key fuel{"fuel", "data", work_place::live};
const work_key regions{"regions", "market", work_place::live};

unexpected_end end_at(const char* when, const work_key& of = fuel) { return {utc(when), of, "", "poison"}; }

const auto noon = utc("2026-11-23T12:00:00Z");

}  // namespace

TEST_CASE("E1: an end that both sides know is one; they come by time, and of each kind of work by itself") {
  const end_history here{{end_at("2026-11-23T11:00:00Z"), end_at("2026-11-23T11:30:00Z")}, {}};
  const end_history there{
      {end_at("2026-11-23T11:10:00Z"), end_at("2026-11-23T11:00:00Z"), end_at("2026-11-23T11:20:00Z", regions)}, {}};
  const auto both = merged(here, there, noon);
  CHECK(both.ends.size() == 4);
  const auto of_fuel = ends_of(both, fuel);
  REQUIRE(of_fuel.size() == 3);
  CHECK(of_fuel[1].at == utc("2026-11-23T11:10:00Z"));
  CHECK(ends_of(both, regions).size() == 1);
  CHECK(ends_of(both, {"fuel", "data", work_place::background}).empty());
  CHECK(merged(both, there, noon) == both);
}

TEST_CASE("E1: what has gone well since then counts no more, also where another host's file still knows it") {
  const end_history known{{}, {{fuel, utc("2026-11-23T11:15:00Z")}}};
  const end_history file{{end_at("2026-11-23T11:10:00Z"), end_at("2026-11-23T11:20:00Z")}, {}};
  const auto both = merged(known, file, noon);
  REQUIRE(both.ends.size() == 1);
  CHECK(both.ends[0].at == utc("2026-11-23T11:20:00Z"));
  CHECK(both.well.contains(fuel));
}

TEST_CASE("E1: a day without one, and all of them are forgotten; many are cut to the newest") {
  const end_history old{{end_at("2026-11-21T10:00:00Z"), end_at("2026-11-22T11:00:00Z")},
                        {{regions, utc("2026-11-22T11:00:00Z")}}};
  CHECK(merged(old, {}, noon).empty());
  const end_history row{{end_at("2026-11-22T06:00:00Z"), end_at("2026-11-23T06:00:00Z")}, {}};
  CHECK(merged(row, {}, noon).ends.size() == 2);
  end_history many;
  for (int i = 0; i < 200; ++i) many.ends.push_back({noon - std::chrono::seconds(300 - i), fuel, "", "poison"});
  CHECK(merged(many, {}, noon).ends.size() == most_ends_kept);
  CHECK(merged(many, {}, noon).ends.back() == many.ends.back());
}

TEST_CASE("E1: a window in words is read back") {
  const time_range window{at("2026-11-23T10:00:00"), at("2026-11-23T10:30:00")};
  CHECK(window_text(window) == "2026-11-23T10:00:00 to 2026-11-23T10:30:00");
  CHECK(parse_window(window_text(window)) == window);
  CHECK(window_text({}).empty());
  for (const auto* text : {"", " to ", "2026-11-23T10:00:00 to ", "2026-11-23T10:30:00 to 2026-11-23T10:00:00"}) {
    CHECK_FALSE(parse_window(text).has_value());
  }
}
