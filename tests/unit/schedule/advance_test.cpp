#include "schedule/advance.hpp"

#include <doctest/doctest.h>

#include "support/times.hpp"

using namespace oes;
using namespace oes::test;

namespace {

const auto ten = at("2026-11-23T10:00:00");
network_time minute(int m) { return ten + std::chrono::minutes(m); }

advance_question live_question(std::vector<seen_label> seen) {
  advance_question q;
  q.window = {ten, std::nullopt};
  q.position = ten;
  q.seen = std::move(seen);
  q.now = minute(30);
  return q;
}

}  // namespace

TEST_CASE("only labels that were received move the position") {
  const auto got = advance_through(live_question({{minute(0), true}, {minute(5), true}}));
  CHECK(got.moved);
  CHECK(got.position == minute(10));
  CHECK(got.publish == std::vector<time_range>{{minute(0), minute(10)}});
  CHECK(got.holes.empty());
}

TEST_CASE("an answer without new labels moves nothing") {
  auto q = live_question({{minute(-5), true}});
  CHECK_FALSE(advance_through(q).moved);
  q.seen.clear();
  CHECK_FALSE(advance_through(q).moved);
}

TEST_CASE("labels missing between two others are a hole and the position passes it") {
  const auto got = advance_through(live_question({{minute(0), true}, {minute(15), true}}));
  CHECK(got.position == minute(20));
  CHECK(got.holes == std::vector<time_range>{{minute(5), minute(15)}});
  CHECK(got.publish == std::vector<time_range>{{minute(0), minute(5)}, {minute(15), minute(20)}});
}

TEST_CASE("a trailing label that is null everywhere is not yet there") {
  const auto got = advance_through(live_question({{minute(0), true}, {minute(5), false}}));
  CHECK(got.position == minute(5));
  CHECK(got.holes.empty());
}

TEST_CASE("a null label between numbers, or an old one, is passed as a hole") {
  auto q = live_question({{minute(0), false}, {minute(5), true}});
  CHECK(advance_through(q).holes == std::vector<time_range>{{minute(0), minute(5)}});
  q = live_question({{minute(0), true}, {minute(5), false}});
  q.now = minute(90);
  CHECK(advance_through(q).position == minute(10));
}

TEST_CASE("an explicit window that ends early may hold a provisional label: it waits for a live query") {
  auto q = live_question({{minute(0), true}, {minute(5), true}});
  q.window.end = minute(20);
  CHECK(advance_through(q).position == minute(5));
  q.now = minute(120);  // an hour and more later it is settled
  CHECK(advance_through(q).position == minute(10));
}

TEST_CASE("labels outside the window or before the position are not published again") {
  auto q = live_question({{minute(0), true}, {minute(5), true}, {minute(10), true}});
  q.position = minute(5);
  q.window.end = minute(10);
  const auto got = advance_through(q);
  CHECK(got.publish == std::vector<time_range>{{minute(5), minute(10)}});
  CHECK(got.position == minute(10));
}

namespace {

const auto day = at("2026-11-23T00:00:00");
network_time days_on(int d) { return day + std::chrono::days(d); }

// Days from the 23rd on, at so long after the first has ended.
advance_question days_question(std::vector<seen_label> seen, std::chrono::seconds after_the_first) {
  advance_question q;
  q.interval = interval_size::d1;
  q.window = {day, days_on(2)};
  q.position = day;
  q.seen = std::move(seen);
  q.now = days_on(1) + after_the_first;
  return q;
}

using std::chrono::hours;
using std::chrono::minutes;

}  // namespace

TEST_CASE("a day is taken once data behind it show that the feed has filled it") {
  auto q = days_question({{day, true}, {days_on(1), true}}, minutes(31));
  const auto got = advance_through(q);
  CHECK(got.publish == std::vector<time_range>{{day, days_on(1)}});
  CHECK(got.position == days_on(1));  // the day that is open is never taken
  q.seen.back().has_number = false;   // it is there for another metric's sake
  CHECK_FALSE(advance_through(q).moved);
  q.seen.pop_back();
  CHECK_FALSE(advance_through(q).moved);
  q.window.end = days_on(1);
  CHECK_FALSE(advance_through(q).moved);
  q.now = days_on(2) + hours(2);
  CHECK_FALSE(advance_through(q).moved);
}

TEST_CASE("the last day of a feed that has ended is taken two days after its end") {
  CHECK_FALSE(advance_through(days_question({{day, true}}, hours(48) - minutes(1))).moved);
  const auto got = advance_through(days_question({{day, true}}, hours(48)));
  CHECK(got.publish == std::vector<time_range>{{day, days_on(1)}});
  auto q = days_question({{day, true}}, hours(48));
  q.hole_after = hours(72);
  CHECK_FALSE(advance_through(q).moved);
}

TEST_CASE("a day that is null everywhere is no hole before it is two days old, or has data behind it") {
  CHECK_FALSE(advance_through(days_question({{day, false}}, minutes(31))).moved);
  CHECK_FALSE(advance_through(days_question({{day, false}}, hours(20))).moved);
  CHECK(advance_through(days_question({{day, false}}, hours(48))).holes == std::vector<time_range>{{day, days_on(1)}});
  CHECK(advance_through(days_question({{day, false}, {days_on(1), true}}, minutes(31))).holes ==
        std::vector<time_range>{{day, days_on(1)}});
}

TEST_CASE("an hour waits for the data behind it, like a day") {
  auto q = live_question({{ten, true}});
  q.interval = interval_size::h1;
  q.window = {ten, minute(120)};
  q.now = minute(91);
  CHECK_FALSE(advance_through(q).moved);
  q.seen.push_back({minute(60), true});
  CHECK(advance_through(q).position == minute(60));
}

TEST_CASE("months of history are taken whole, whatever is behind them") {
  auto q = days_question({}, std::chrono::days(60));
  q.window.end = days_on(30);
  for (int d = 0; d < 30; ++d) q.seen.push_back({days_on(d), true});
  CHECK(advance_through(q).position == days_on(30));
}

TEST_CASE("a season's data may lie before that of the season labelled before it: they prove nothing") {
  advance_question q;
  q.interval = interval_size::season;
  q.position = at("2026-04-01T00:00:00");
  q.window = {q.position, at("2027-01-01T00:00:00")};
  q.seen = {{at("2026-04-01T00:00:00"), true}, {at("2026-07-01T00:00:00"), true}, {at("2026-10-01T00:00:00"), true}};
  q.now = at("2026-12-01T00:31:00");  // spring has just ended; January and February are known of the summer
  CHECK(advance_through(q).position == at("2026-07-01T00:00:00"));
  q.now = at("2026-12-03T00:00:00");
  CHECK(advance_through(q).position == at("2026-10-01T00:00:00"));
}
