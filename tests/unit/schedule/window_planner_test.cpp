#include "schedule/window_planner.hpp"

#include <doctest/doctest.h>

#include "support/times.hpp"

using namespace oes;
using namespace oes::test;
using std::chrono::days;
using std::chrono::hours;

namespace {
window_question five_minutes(std::string_view from, std::string_view now) {
  window_question q;
  q.from = at(from);
  q.now = at(now);
  return q;
}
}  // namespace

TEST_CASE("at the live edge the server decides what is settled: no explicit end") {
  const auto window = plan_window(five_minutes("2026-11-23T10:00:00", "2026-11-23T10:06:10"));
  REQUIRE(window);
  CHECK(window->start == at("2026-11-23T10:00:00"));
  CHECK_FALSE(window->end);
}

TEST_CASE("no credit is spent on an interval that cannot be there yet") {
  CHECK_FALSE(plan_window(five_minutes("2026-11-23T10:05:00", "2026-11-23T10:09:59")));
  CHECK_FALSE(plan_window(five_minutes("2026-11-23T10:10:00", "2026-11-23T10:09:59")));
  CHECK(plan_window(five_minutes("2026-11-23T10:05:00", "2026-11-23T10:10:00")));
}

TEST_CASE("catching up goes in explicit windows as long as the plan allows, edge to edge") {
  auto q = five_minutes("2026-11-01T00:00:00", "2026-11-23T10:06:10");
  const auto first = plan_window(q);
  REQUIRE(first);
  CHECK(first->end == at("2026-11-09T00:00:00"));
  q.from = *first->end;
  const auto second = plan_window(q);
  CHECK(second->start == *first->end);
  CHECK(second->end == at("2026-11-17T00:00:00"));
  q.from = *second->end;
  CHECK_FALSE(plan_window(q)->end);  // the rest reaches now in one window
}

TEST_CASE("a batch size caps the window but never below one interval") {
  auto q = five_minutes("2026-11-23T00:00:00", "2026-11-23T10:06:10");
  q.max_window = hours(1);
  CHECK(plan_window(q)->end == at("2026-11-23T01:00:00"));
  q.max_window = std::chrono::seconds(10);
  CHECK(plan_window(q)->end == at("2026-11-23T00:05:00"));
}

TEST_CASE("a provisional stream asks one step ahead of now") {
  auto q = five_minutes("2026-11-23T10:00:00", "2026-11-23T10:06:10");
  q.edge = edge_policy::provisional;
  CHECK(plan_window(q)->end == at("2026-11-23T10:10:00"));
}

TEST_CASE("buckets of an hour and more are asked for only when closed and settled") {
  window_question q;
  q.interval = interval_size::h1;
  q.from = at("2026-11-23T08:00:00");
  q.fills = std::chrono::minutes(30);
  q.now = at("2026-11-23T10:20:00");
  CHECK(plan_window(q)->end == at("2026-11-23T09:00:00"));
  q.now = at("2026-11-23T10:30:00");
  CHECK(plan_window(q)->end == at("2026-11-23T10:00:00"));
  q.from = at("2026-11-23T10:00:00");
  CHECK_FALSE(plan_window(q));
}

TEST_CASE("months are never cut, however the plan counts days") {
  window_question q;
  q.interval = interval_size::mo1;
  q.from = at("2020-01-01T00:00:00");
  q.now = at("2026-11-23T10:20:00");
  q.max_window = days(732);
  CHECK(plan_window(q)->end == at("2022-01-01T00:00:00"));
}

TEST_CASE("start: is an instant, a span before now, or latest, always on a bucket") {
  const auto now = at("2026-11-23T10:07:31");
  CHECK(resolve_start(at("2026-11-01T00:02:00"), interval_size::m5, now, {}) == at("2026-11-01T00:00:00"));
  CHECK(resolve_start(std::chrono::seconds(hours(6)), interval_size::m5, now, {}) == at("2026-11-23T04:05:00"));
  CHECK(resolve_start(start_latest{}, interval_size::m5, now, {}) == at("2026-11-23T10:05:00"));
}

TEST_CASE("a start before the plan's history begins a day inside it") {
  const auto now = at("2026-11-23T10:00:00");
  CHECK(resolve_start(at("2010-01-01T00:00:00"), interval_size::d1, now, days(730)) == at("2024-11-24T00:00:00"));
}

TEST_CASE("a start before the plan's history is inside it for every bucket, whatever the day") {
  for (const auto size : {interval_size::m5, interval_size::h1, interval_size::d1, interval_size::d7,
                          interval_size::mo1, interval_size::mo3, interval_size::season, interval_size::y1}) {
    for (auto now = at("2026-01-01T10:07:00"); now < at("2027-02-01T00:00:00"); now += hours(31)) {
      const auto start = resolve_start(at("2010-01-01T00:00:00"), size, now, days(730));
      const auto data = data_of(start, bucket_add(start, size, 1), size);
      CHECK(data.start >= now - days(730));
      CHECK(data.start < now - days(730) + days(369));
    }
  }
}

TEST_CASE("seasons are asked for in labels, when they are over, and their data fit the plan's limit") {
  window_question q;
  q.interval = interval_size::season;
  q.max_window = days(1830);
  q.from = at("2025-01-01T00:00:00");
  q.now = at("2026-05-31T00:00:00");
  CHECK(plan_window(q) == time_window{at("2025-01-01T00:00:00"), at("2026-01-01T00:00:00")});
  q.now = at("2026-06-02T00:00:00");
  CHECK(plan_window(q)->end == at("2026-04-01T00:00:00"));
  q.from = at("2010-04-01T00:00:00");
  const auto window = plan_window(q);
  const auto data = data_of(window->start, *window->end, q.interval);
  CHECK(data.end - data.start <= q.max_window);
  CHECK(*window->end == at("2015-01-01T00:00:00"));
}

TEST_CASE("a stream of seasons begins with the first that is not over at its start") {
  const auto now = at("2026-11-23T10:00:00");
  const auto start = [&](std::string_view from, interval_size size) {
    return format(resolve_start(at(from), size, now, std::nullopt));
  };
  CHECK(start("2025-04-15T00:00:00", interval_size::season) == "2025-01-01T00:00:00");
  CHECK(start("2025-12-15T00:00:00", interval_size::season) == "2025-10-01T00:00:00");
  CHECK(start("2025-08-15T00:00:00", interval_size::fy) == "2026-01-01T00:00:00");
}
