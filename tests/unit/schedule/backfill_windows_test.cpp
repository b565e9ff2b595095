#include "schedule/backfill_windows.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "model/plan_limits.hpp"
#include "support/times.hpp"

using namespace oes;
using namespace oes::test;
using std::chrono::days;
using std::chrono::hours;

namespace {

const auto origin = at("2025-01-01T00:00:00");

range_set set_of(const std::vector<time_range>& ranges) {
  range_set out;
  for (const auto& range : ranges) out.add(range);
  return out;
}

time_range from_day(int begin, int end) { return {origin + days(begin), origin + days(end)}; }

// Every wanted label is in a window, no window is too long, and none begins or ends with what nobody wants.
void check(const std::vector<time_range>& windows, const range_set& wanted, std::chrono::seconds longest) {
  auto before = network_time::min();
  for (const auto& window : windows) {
    CHECK(window.begin >= before);
    CHECK(window.end - window.begin <= longest);
    CHECK(wanted.contains(window.begin));
    CHECK(wanted.contains(window.end - hours(1)));
    before = window.end;
  }
  for (const auto& range : wanted.ranges()) {
    for (auto label = range.begin; label < range.end; label += hours(1)) {
      const bool inside = std::any_of(windows.begin(), windows.end(),
                                      [&](const time_range& w) { return w.begin <= label && label < w.end; });
      REQUIRE(inside);
    }
  }
}

}  // namespace

TEST_CASE("one range takes ceil(length / limit) requests, exactly at the plan's limits") {
  const auto community = limits_of("COMMUNITY");
  const struct {
    interval_size interval;
    int length;
    std::size_t requests;
  } rows[] = {{interval_size::m5, 60, 8},   {interval_size::m5, 8, 1},   {interval_size::m5, 9, 2},
              {interval_size::h1, 729, 23}, {interval_size::d1, 729, 2}, {interval_size::h1, 32, 1}};
  for (const auto& row : rows) {
    CAPTURE(row.length);
    const auto wanted = set_of({from_day(0, row.length)});
    const auto windows = backfill_windows(wanted, row.interval, community.max_window(row.interval));
    CHECK(windows.size() == row.requests);
    CHECK(windows.front().begin == origin);
    CHECK(windows.back().end == origin + days(row.length));
  }
}

TEST_CASE("what is covered between is spanned where that saves a request, and skipped where it does not") {
  const auto wanted = set_of({from_day(0, 1), from_day(3, 4), from_day(20, 21)});
  CHECK(backfill_windows(wanted, interval_size::m5, days(8)) ==
        std::vector<time_range>{from_day(0, 4), from_day(20, 21)});
  CHECK(backfill_windows({}, interval_size::m5, days(8)).empty());
}

TEST_CASE("no choice of windows needs fewer: greedy meets the best of all choices on every small set") {
  constexpr int slots = 11;
  constexpr int longest = 3;
  for (unsigned mask = 1; mask < (1U << slots); ++mask) {
    range_set wanted;
    for (int i = 0; i < slots; ++i) {
      if ((mask & (1U << static_cast<unsigned>(i))) != 0) wanted.add({origin + hours(i), origin + hours(i + 1)});
    }
    // fewest[i]: to read everything from slot i on.
    std::vector<std::size_t> fewest(slots + longest + 1, 0);
    for (int i = slots - 1; i >= 0; --i) {
      const bool here = wanted.contains(origin + hours(i));
      const auto at = static_cast<std::size_t>(i);
      fewest[at] = here ? 1 + fewest[at + longest] : fewest[at + 1];
    }
    const auto windows = backfill_windows(wanted, interval_size::h1, hours(longest));
    REQUIRE(windows.size() == fewest[0]);
    if (mask % 64 == 1) check(windows, wanted, hours(longest));
  }
}

TEST_CASE("weeks and months are asked for whole, however long the window may be") {
  const auto weeks =
      backfill_windows(set_of({{at("2024-01-07T00:00:00"), at("2026-01-04T00:00:00")}}), interval_size::d7, days(366));
  REQUIRE(weeks.size() == 2);
  CHECK(weeks[0].end == at("2025-01-05T00:00:00"));  // 52 weeks
  const auto months =
      backfill_windows(set_of({{at("2024-01-01T00:00:00"), at("2025-01-01T00:00:00")}}), interval_size::mo1, days(45));
  CHECK(months.size() == 12);
}

TEST_CASE("a limit below one interval still asks for one") {
  const auto windows = backfill_windows(set_of({from_day(0, 2)}), interval_size::d1, hours(3));
  CHECK(windows == std::vector<time_range>{from_day(0, 1), from_day(1, 2)});
}
