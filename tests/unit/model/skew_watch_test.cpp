// What the answers' Date tells of the time, and which time is gone by.
#include "model/skew_watch.hpp"

#include <doctest/doctest.h>

#include "support/times.hpp"

using namespace oes;
using namespace oes::test;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

/// The API's true time, a host whose clock is apart from it and may be set, and requests in between.
struct world {
  explicit world(microseconds host_is_fast) : fast(host_is_fast) {}

  void pass(microseconds span) {
    true_time += span;
    run += span;
  }
  clock_reading read() { return watch.read(true_time + fast, run); }
  void answer(microseconds lie = {}, microseconds took = milliseconds(200)) {
    read();
    const auto sent = run;
    pass(took);
    read();
    watch.see({std::chrono::floor<seconds>(true_time - took / 2 + lie), sent, run});
  }
  [[nodiscard]] bool is_right(const clock_reading& reading, microseconds within = seconds(2)) const {
    return std::chrono::abs(reading.now - true_time) <= within;
  }

  utc_time true_time = utc("2026-11-23T12:00:00Z");
  run_time run{hours(1)};
  microseconds fast;
  skew_watch watch;
};

}  // namespace

TEST_CASE("C3: until an answer tells the time the host's clock is believed") {
  world w(-hours(3));
  const auto reading = w.read();
  CHECK(reading.standing == clock_standing::unknown);
  CHECK(reading.now == w.true_time - hours(3));
}

TEST_CASE("C3: a clock that is slow or fast is seen by the first answer, and the API's time is gone by") {
  for (const seconds fast :
       {seconds(-hours(3)), seconds(hours(3)), seconds(-45), seconds(45), seconds(-hours(35)), seconds(hours(35))}) {
    world w(fast);
    w.answer();
    const auto reading = w.read();
    CHECK(reading.standing == clock_standing::followed);
    CHECK(w.is_right(reading));
    CHECK(std::chrono::abs(reading.skew + fast) <= seconds(2));
    w.pass(hours(10));
    CHECK(w.is_right(w.read()));
  }
}

TEST_CASE("C3: less than half a minute is the host's own business, and a clock at the limit is not told of all day") {
  world w(-seconds(20));
  for (int i = 0; i < 5; ++i) w.answer();
  CHECK(w.read().standing == clock_standing::agrees);
  CHECK(w.read().now == w.true_time - seconds(20));
  w.fast = -seconds(33);
  for (int i = 0; i < 5; ++i) w.answer();
  CHECK(w.read().standing == clock_standing::followed);
  for (const int slow : {29, 31, 28, 30, 27}) {
    w.fast = -seconds(slow);
    CHECK(w.read().standing == clock_standing::followed);
  }
  w.fast = -seconds(20);
  for (int i = 0; i < 5; ++i) w.answer();
  CHECK(w.read().standing == clock_standing::agrees);
}

TEST_CASE("C3: more than 36 hours apart nobody is followed, and it heals when the host's clock is set") {
  for (const hours fast : {-hours(37), hours(37), hours(-20'000 * 24), hours(365 * 24)}) {
    world w(fast);
    w.answer();
    CHECK(w.read().standing == clock_standing::refused);
    CHECK(w.read().now == w.true_time + fast);
    w.fast = milliseconds(3);  // by NTP; no answer came in between
    CHECK(w.read().standing == clock_standing::agrees);
    CHECK(w.is_right(w.read()));
  }
}

TEST_CASE("C3: one answer that lies does not move the clock, many that agree do") {
  world w(milliseconds(0));
  for (int i = 0; i < 5; ++i) w.answer();
  w.answer(-hours(3));
  CHECK(w.is_right(w.read()));
  w.answer(days(400));
  CHECK(w.is_right(w.read()));
  CHECK(w.read().standing == clock_standing::agrees);
  for (int i = 0; i < 3; ++i) w.answer(hours(2));
  CHECK(w.read().standing == clock_standing::followed);
}

TEST_CASE("C3: a lie in the very first answer is outvoted by the second") {
  for (const auto lie : {-hours(3), hours(5), -hours(24 * 365), hours(24 * 365)}) {
    world w(milliseconds(10));
    w.answer(lie);
    w.answer();
    CHECK(w.is_right(w.read()));
    CHECK(w.read().standing == clock_standing::agrees);
    // And it never silences a poll, for what may be there is judged by the later time.
    CHECK(w.read().latest >= w.true_time - seconds(1));
  }
}

TEST_CASE("C3: answers of which each tells another time are not followed") {
  world w(milliseconds(0));
  for (const auto lie : {-hours(9), hours(7), -hours(20), hours(13), hours(30)}) w.answer(lie);
  CHECK(w.read().standing == clock_standing::refused);
  CHECK(w.is_right(w.read()));
}

TEST_CASE("C3: a slow answer tells no more than it can: it was dated at some time while it was asked for") {
  world w(milliseconds(0));
  w.answer(-seconds(50), seconds(110));
  CHECK(w.read().standing == clock_standing::agrees);
  CHECK(w.read().skew == microseconds(0));
}

TEST_CASE("C4: a wall clock that is set while the daemon runs changes nothing of what is gone by") {
  for (const seconds step : {seconds(-100), seconds(-hours(2)), seconds(hours(2)), seconds(-hours(30)), seconds(100)}) {
    world w(milliseconds(5));
    for (int i = 0; i < 5; ++i) {
      w.answer();
      w.pass(minutes(5));
    }
    w.fast += step;
    CHECK(w.is_right(w.read()));
    CHECK(w.read().standing == clock_standing::followed);
    CHECK(w.read().latest >= w.true_time - seconds(2));
    w.answer();
    CHECK(w.is_right(w.read()));
    w.fast -= step;  // and back
    CHECK(w.is_right(w.read()));
    w.answer();
    CHECK(w.read().standing == clock_standing::agrees);
  }
}

TEST_CASE("C4: without any Date a step back does not silence what may be there") {
  world w(milliseconds(0));
  w.read();
  w.pass(minutes(10));
  w.fast = -hours(2);
  CHECK(w.read().latest >= w.true_time - seconds(1));
  w.pass(hours(5));
  CHECK(w.read().latest >= w.true_time - seconds(1));
}

TEST_CASE("C4: a host that slept finds the time again with its first answer") {
  world w(milliseconds(0));
  for (int i = 0; i < 5; ++i) w.answer();
  // Suspended: the wall clock went on, the running one did not.
  w.true_time += hours(9);
  CHECK(w.read().latest >= w.true_time - seconds(1));
  w.answer();
  CHECK(w.is_right(w.read()));
  CHECK(w.read().standing == clock_standing::agrees);
}

TEST_CASE("C5: a clock a day ahead is known as such after one answer, and right once it is corrected") {
  world w(hours(24));
  CHECK(w.read().now == w.true_time + hours(24));
  w.answer();
  CHECK(w.is_right(w.read()));
  w.fast = milliseconds(0);
  CHECK(w.is_right(w.read()));
  w.answer();
  CHECK(w.read().standing == clock_standing::agrees);
}

TEST_CASE("C3: certain, nothing is asked for too early; uncertain, nothing is asked for too late") {
  world w(hours(3));
  w.answer();
  CHECK(w.read().latest == w.true_time + hours(3));  // one answer may lie
  w.answer();
  w.answer();
  CHECK(w.read().latest == w.read().now);
  w.pass(hours(2));
  CHECK(w.read().latest == w.true_time + hours(3));  // old news
}

TEST_CASE("C3: after answers that told a time in the past, the first right one ends the silence") {
  world w(milliseconds(10));
  for (int i = 0; i < 5; ++i) w.answer(-hours(20));
  CHECK(w.read().latest < w.true_time - hours(19));
  w.answer();
  CHECK(w.read().standing == clock_standing::followed);
  CHECK(w.read().latest >= w.true_time - seconds(1));
}
