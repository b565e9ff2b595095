// After an outage: what shrinks windows, and what makes them whole again.
#include <doctest/doctest.h>

#include <set>

#include "reader/reader.hpp"
#include "unit/pipeline/poll_fixture.hpp"

using namespace oes;
using namespace oes::test;

TEST_CASE("F3: what ails the whole API is no fault of the window") {
  for (const int status : {502, 503, 504, 520}) CHECK_FALSE(shrinks_window({errc::server_error, "", {}, status}));
  for (const auto code : {errc::unreachable, errc::network_error, errc::limit_reached, errc::rate_limited,
                          errc::bad_key, errc::not_yet}) {
    CHECK_FALSE(shrinks_window({code, ""}));
  }
  CHECK(shrinks_window({errc::server_error, "", {}, 500}));
  for (const auto code : {errc::malformed, errc::too_large, errc::timed_out}) CHECK(shrinks_window({code, ""}));
}

TEST_CASE("F3: a good answer ends all trouble, whatever it held") {
  poll_fixture f;
  const std::string one = answer_body("power", {{"10:00", "1"}, {"10:05", "2"}});
  f.from.answer(one);
  for (int i = 0; i < 12; ++i) f.from.answer(error{errc::server_error, "500", {}, 500});
  f.from.answer(answer_body("power", {{"10:10", "null"}}));  // of the smallest window, and nothing new
  f.from.answer(one);
  const auto outcomes = f.cycles({nem_stream()}, 15);
  CHECK(outcomes[12].end == cycle_end::failed);
  CHECK_FALSE(f.last_state.trouble[turn::live].news.smaller);
  CHECK_FALSE(f.last_state.trouble[turn::live].deep_reread.smaller);
  CHECK_FALSE(f.from.asked().back().window.end);  // a live query again
  CHECK(f.kafka.records.size() == 2);
}

TEST_CASE("F3: an API in maintenance for long leaves windows as they were") {
  poll_fixture f;
  f.from.answer(error{errc::server_error, "503", {}, 503});
  const auto outcomes = f.cycles({nem_stream()}, 21);  // the breaker is open: the others fail without being asked
  CHECK(outcomes.back().end == cycle_end::failed);
  CHECK(f.last_state.trouble[turn::live].news.times == 0);
  CHECK_FALSE(f.last_state.trouble[turn::live].news.smaller);
  CHECK_FALSE(f.last_state.trouble[turn::live].deep_reread.smaller);
}

TEST_CASE("an answer that is too large halves the window at once, one that is broken after three tries") {
  const auto window_of = [](const error& why, std::size_t request) {
    poll_fixture f("2026-11-23T18:31:00");
    f.from.answer(answer_body("power", {{"10:00", "1"}, {"10:05", "2"}}));
    f.from.answer(why);
    f.cycles({nem_stream()}, 6);
    return f.from.asked().at(request).window;
  };
  const error large{errc::too_large, "the body is larger than allowed"};
  const error broken{errc::malformed, "broken"};
  CHECK(window_of(large, 2).end.has_value());
  CHECK(window_of(large, 3) != window_of(large, 2));
  CHECK(window_of(broken, 3) == window_of(broken, 2));
}

TEST_CASE(
    "F3: of a chunk that is more than Kafka takes in time the window is asked for again, and goes in smaller ones") {
  poll_fixture f("2026-11-24T01:31:00");
  auto stream = nem_stream();
  stream.start = at("2026-11-23T00:00:00");
  std::vector<std::pair<std::string, std::string>> day;
  const std::string many_digits = "1." + std::string(150, '5');
  for (int minute = 0; minute < 24 * 60; minute += 5) {
    const auto label = std::to_string(100 + minute / 60).substr(1) + ":" + std::to_string(100 + minute % 60).substr(1);
    day.emplace_back(label, many_digits);
  }
  f.from.answer(answer_body("power", day));
  f.from.answer(answer_body("power", day));
  f.kafka.fates = {fate::commit, fate::take_a_part};  // a claim comes first
  const auto outcomes = f.cycles({stream}, 2);
  CHECK(outcomes[0].end == cycle_end::failed);
  CHECK(outcomes[0].why.code == errc::not_committed);
  CHECK(f.board.members.at(power).state != stream_state::set_apart);
  CHECK(f.from.asked().size() == 2);
  CHECK(f.kafka.records.size() == day.size());
  CHECK(std::set(f.kafka.records.begin(), f.kafka.records.end()).size() == day.size());
  CHECK(f.kafka.transactions.size() > 3);  // the claim's is one
}
