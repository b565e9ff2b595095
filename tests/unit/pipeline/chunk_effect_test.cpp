#include "pipeline/chunk_effect.hpp"

#include <doctest/doctest.h>

#include "support/times.hpp"

using namespace oes;
using namespace oes::test;

TEST_CASE("progress after a chunk holds what was published before the cut and no more") {
  member_progress before;
  before.position = at("2026-11-23T10:00:00");
  advance_answer advance;
  advance.moved = true;
  advance.position = at("2026-11-23T11:00:00");
  advance.publish = {{at("2026-11-23T10:00:00"), at("2026-11-23T10:20:00")},
                     {at("2026-11-23T10:30:00"), at("2026-11-23T11:00:00")}};
  advance.holes = {{at("2026-11-23T10:20:00"), at("2026-11-23T10:30:00")}};
  auto member = before;
  const auto cut = at("2026-11-23T10:25:00");
  apply(member, patch_of(advance, {network_time::min(), cut}, {}));
  CHECK(member.position == cut);
  CHECK(member.labels.covered().ranges() ==
        std::vector<time_range>{{at("2026-11-23T10:00:00"), at("2026-11-23T10:20:00")}});
  apply(member, patch_of(advance, {cut, network_time::max()}, {}));
  CHECK(member.position == at("2026-11-23T11:00:00"));
  REQUIRE(member.labels.gaps().size() == 1);
  CHECK(member.labels.gaps()[0].range == advance.holes[0]);
  CHECK(member.labels.covered().ranges().size() == 2);
}
