#include "model/member_patch.hpp"

#include <doctest/doctest.h>

#include "support/times.hpp"

using namespace oes;
using namespace oes::test;

namespace {

time_range live_hours(int from, int to) {
  const auto day = at("2026-11-23T00:00:00");
  return {day + std::chrono::hours(from), day + std::chrono::hours(to)};
}

member_progress live_at(int hour) {
  member_progress m;
  m.start = live_hours(10, 10).begin;
  m.position = live_hours(hour, hour).begin;
  m.ledger_from = m.start;
  m.labels.cover({m.start, m.position});
  return m;
}

member_patch covers(time_range r) {
  member_patch patch;
  patch.covered.add(r);
  return patch;
}

member_progress after(member_progress m, const std::vector<member_patch>& patches) {
  for (const auto& patch : patches) apply(m, patch);
  return m;
}

}  // namespace

TEST_CASE("a live stream and a backfill of the same member leave each other's part alone, in either order") {
  auto live = covers(live_hours(12, 13));
  live.position = live_hours(13, 13).begin;
  live.ledger_from = live_hours(11, 11).begin;
  auto backfill = covers(live_hours(2, 4));
  backfill.gaps.push_back({live_hours(4, 5), "no_data", {}});
  const auto one = after(live_at(12), {live, backfill});
  CHECK(one == after(live_at(12), {backfill, live}));
  CHECK(one.position == live_hours(13, 13).begin);
  CHECK(one.ledger_from == live_hours(11, 11).begin);
  CHECK(one.labels.covered().ranges() == std::vector<time_range>{live_hours(2, 4), live_hours(10, 13)});
  CHECK(one.labels.gaps() == backfill.gaps);
}

TEST_CASE("a patch that is applied twice changes nothing the second time") {
  auto patch = covers(live_hours(2, 4));
  patch.gaps.push_back({live_hours(4, 6), "malformed", {}});
  patch.position = live_hours(13, 13).begin;
  const auto once = after(live_at(12), {patch});
  CHECK(after(once, {patch}) == once);
}

TEST_CASE("a gap that is found again keeps its age and its reason; only what is new of it is added") {
  auto m = live_at(12);
  m.labels.add_gap({live_hours(2, 4), "no_data", utc_time(std::chrono::hours(1))});
  member_patch patch;
  patch.gaps.push_back({live_hours(3, 6), "malformed", utc_time(std::chrono::hours(9))});
  apply(m, patch);
  REQUIRE(m.labels.gaps().size() == 2);
  CHECK(m.labels.gaps()[0] == gap{live_hours(2, 4), "no_data", utc_time(std::chrono::hours(1))});
  CHECK(m.labels.gaps()[1] == gap{live_hours(4, 6), "malformed", utc_time(std::chrono::hours(9))});
}

TEST_CASE("what is published is no gap any more, and neither is what is closed without it") {
  auto m = live_at(12);
  m.labels.add_gap({live_hours(2, 4), "no_data", {}});
  m.labels.add_gap({live_hours(5, 6), "no_data", {}});
  auto patch = covers(live_hours(3, 4));
  patch.closed.add(live_hours(5, 6));
  apply(m, patch);
  CHECK(m.labels.gaps() == std::vector<gap>{{live_hours(2, 3), "no_data", {}}});
}

TEST_CASE("what is covered already is never a gap again") {
  auto m = live_at(12);
  member_patch patch;
  patch.gaps.push_back({live_hours(11, 14), "no_data", {}});
  apply(m, patch);
  CHECK(m.labels.gaps() == std::vector<gap>{{live_hours(12, 14), "no_data", {}}});
}

TEST_CASE("position and ledger only rise") {
  member_patch patch;
  patch.position = live_hours(3, 3).begin;
  patch.ledger_from = live_hours(3, 3).begin;
  CHECK(after(live_at(12), {patch}) == live_at(12));
}

TEST_CASE("how much of a refresh is done stands beside what is covered, until it is over") {
  member_patch begin;
  begin.refresh = refresh_mark{live_hours(2, 6), false, {}};
  member_patch chunk;
  chunk.read_again.add(live_hours(2, 4));
  auto m = after(live_at(12), {begin, chunk});
  REQUIRE(m.refresh);
  CHECK(m.refresh->done.ranges() == std::vector<time_range>{live_hours(2, 4)});
  member_patch over;
  over.refresh_is_over = true;
  CHECK(after(m, {over}) == live_at(12));
}
