// After an outage: what shrinks windows, and what makes them whole again.
#include <doctest/doctest.h>

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
