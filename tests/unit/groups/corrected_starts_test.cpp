// Where a stream begins that was begun by a plan which turns out to be another.
#include <doctest/doctest.h>

#include "groups/open_group.hpp"
#include "model/plan_limits.hpp"
#include "support/times.hpp"

using namespace oes;
using namespace oes::test;

TEST_CASE("a start that an assumed plan cut is as configured once a better plan is told, relative or not") {
  const auto now = to_utc(at("2026-11-23T10:31:00"), network::nem);
  for (const stream_start start :
       {stream_start(at("2015-01-01T00:00:00")), stream_start(std::chrono::seconds(std::chrono::hours(24 * 4000)))}) {
    stream_spec stream;
    stream.name = "nem";
    stream.metrics = {"power"};
    stream.topic = "t";
    stream.start = start;
    const auto groups = make_groups({stream});
    const ledger_book nothing;
    std::map<member_key, member_progress> known;
    for (auto& [key, member] : new_members(groups, {known, nothing, now, limits_of("COMMUNITY").history, {}})) {
      known.emplace(key, member);
    }
    const auto key = groups[0].members[0].key;
    CHECK(known.at(key).start > at("2024-01-01T00:00:00"));
    const std::map<member_key, moment> begun{{key, {now, {}}}};
    const auto opened = open_group(groups[0], {known, nothing, now, limits_of("COMMUNITY").history, {}, &begun});
    const auto drawn =
        corrected_starts(groups[0], *opened, {now, {}}, clock_standing::unknown, limits_of("PRO").history);
    REQUIRE(drawn.size() == 1);
    CHECK(drawn.front().second.restart <= at("2015-12-12T00:00:00"));
  }
}
