#include "groups/retry_pause.hpp"

#include <doctest/doctest.h>

using namespace oes;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

const schedule_settings settings;
const std::chrono::microseconds live = seconds(190);

std::chrono::microseconds pause(const cycle_outcome& outcome, retry_state& memory,
                                std::chrono::microseconds granted = seconds(0)) {
  return next_pause(outcome, memory, {live, granted}, settings, 0.0);
}

cycle_outcome failed_with(errc code) { return {cycle_end::failed, {code, "why"}, {}}; }

}  // namespace

TEST_CASE("after a success the next live poll comes; while catching up there is no wait") {
  retry_state memory(settings, 0.0);
  CHECK(pause({cycle_end::published, {}, {}}, memory) == live);
  CHECK(pause({cycle_end::nothing_yet, {}, {}}, memory) == live);
  CHECK(pause({cycle_end::more, {}, {}}, memory) == seconds(0));
}

TEST_CASE("a refused request and a bad key are probed hourly") {
  retry_state memory(settings, 0.0);
  CHECK(pause(failed_with(errc::rejected), memory) == hours(1));
  CHECK(pause(failed_with(errc::bad_key), memory) == hours(1));
}

TEST_CASE("a wide re-read that is refused keeps no live poll waiting") {
  retry_state memory(settings, 0.0);
  auto wide = failed_with(errc::rejected);
  wide.live_goes_on = true;
  CHECK(pause(wide, memory) == live);
  wide.why.code = errc::unexpected_labels;
  CHECK(pause(wide, memory) == live);
}

TEST_CASE("a request that was refused while the plan is not known is asked soon again, and once the plan is told") {
  retry_state memory(settings, 0.0);
  auto refused = failed_with(errc::rejected);
  CHECK_FALSE(wants_the_budget(refused));
  refused.waits_for_plan = true;
  CHECK(pause(refused, memory) == seconds(30));
  CHECK(wants_the_budget(refused));
}

TEST_CASE("network trouble backs off and forgets after a success") {
  retry_state memory(settings, 0.0);
  CHECK(pause(failed_with(errc::network_error), memory) == seconds(2));
  CHECK(pause(failed_with(errc::server_error), memory) == seconds(4));
  pause({cycle_end::published, {}, {}}, memory);
  CHECK(pause(failed_with(errc::timed_out), memory) == seconds(2));
}

TEST_CASE("E5: a request that keeps failing costs no more credits than good polls do; Kafka is not kept waiting") {
  for (const auto code : {errc::server_error, errc::malformed, errc::timed_out}) {
    retry_state memory(settings, 0.0);
    auto quick = std::chrono::microseconds(0);
    int tries = 0;
    while (tries < 20) {
      const auto next = pause(failed_with(code), memory, minutes(90));
      ++tries;
      if (next == minutes(90)) break;
      quick += next;
    }
    CHECK(tries < 10);
    CHECK(quick < minutes(10));
    CHECK(pause(failed_with(code), memory, minutes(90)) == minutes(90));
  }
  retry_state memory(settings, 0.0);
  for (int i = 0; i < 20; ++i) CHECK(pause(failed_with(errc::kafka_unavailable), memory, minutes(90)) <= minutes(5));
}

TEST_CASE("a spent limit waits for minutes") {
  retry_state memory(settings, 0.0);
  auto spent = failed_with(errc::limit_reached);
  spent.why.retry_after = minutes(3);  // the breaker's
  CHECK(pause(spent, memory) == minutes(3));
}

TEST_CASE("Retry-After is honoured to the second") {
  retry_state memory(settings, 0.0);
  auto outcome = failed_with(errc::rate_limited);
  outcome.why.retry_after = seconds(17);
  CHECK(pause(outcome, memory) == seconds(17));
}

TEST_CASE("F4: Retry-After of any failure is waited for, and no failure is retried sooner than its backoff") {
  retry_state memory(settings, 0.0);
  for (const auto code : {errc::server_error, errc::unreachable, errc::timed_out, errc::too_large}) {
    auto outcome = failed_with(code);
    outcome.why.retry_after = seconds(60);
    CHECK(pause(outcome, memory) == seconds(60));
  }
  for (int i = 0; i < 10; ++i) pause(failed_with(errc::server_error), memory);
  auto hurried = failed_with(errc::server_error);
  hurried.why.retry_after = seconds(1);
  CHECK(pause(hurried, memory) == minutes(5));
}

TEST_CASE("one interval that is given up keeps nothing waiting; a second one without an answer in between does") {
  retry_state memory(settings, 0.0);
  cycle_outcome gave_up{cycle_end::more, {}, {}};
  gave_up.gave_up = true;
  for (int i = 0; i < 10; ++i) pause(failed_with(errc::malformed), memory, minutes(90));
  CHECK(pause(gave_up, memory, minutes(90)) == seconds(0));
  CHECK(pause(failed_with(errc::malformed), memory, minutes(90)) == minutes(90));
  CHECK(pause(gave_up, memory, minutes(90)) == minutes(90));
  pause({cycle_end::more, {}, {}}, memory);
  CHECK(pause(failed_with(errc::malformed), memory, minutes(90)) == seconds(2));
  CHECK(pause(gave_up, memory, minutes(90)) == seconds(0));
}

TEST_CASE("a cycle that asked for nothing tells nothing of trouble") {
  retry_state memory(settings, 0.0);
  for (int i = 0; i < 10; ++i) pause(failed_with(errc::malformed), memory, minutes(90));
  CHECK(pause({cycle_end::idle, {}, {}}, memory) == live);
  CHECK(pause(failed_with(errc::malformed), memory, minutes(90)) == minutes(90));
}
