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
