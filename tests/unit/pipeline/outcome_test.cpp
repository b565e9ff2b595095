#include "pipeline/outcome.hpp"

#include <doctest/doctest.h>

#include "support/times.hpp"

using namespace oes;
using namespace oes::test;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

const auto now = utc("2026-11-23T00:03:00Z");
const schedule_settings settings;
const auto live = utc("2026-11-23T00:06:10Z");

utc_time wake(const cycle_outcome& outcome, wake_memory& memory) {
  return next_wake(outcome, memory, now, live, settings, 0.0);
}

cycle_outcome failed_with(errc code) { return {cycle_end::failed, {code, "why", {}, 0}, {}}; }

}  // namespace

TEST_CASE("after a success the next live poll comes; while catching up there is no wait") {
  wake_memory memory(settings, 0.0);
  CHECK(wake({cycle_end::published, {}, {}}, memory) == utc("2026-11-23T00:06:10Z"));
  CHECK(wake({cycle_end::nothing_yet, {}, {}}, memory) == utc("2026-11-23T00:06:10Z"));
  CHECK(wake({cycle_end::more, {}, {}}, memory) == now);
}

TEST_CASE("a refused request and a bad key are probed hourly") {
  wake_memory memory(settings, 0.0);
  CHECK(wake(failed_with(errc::rejected), memory) == now + hours(1));
  CHECK(wake(failed_with(errc::bad_key), memory) == now + hours(1));
}

TEST_CASE("network trouble backs off and forgets after a success") {
  wake_memory memory(settings, 0.0);
  CHECK(wake(failed_with(errc::network_error), memory) == now + seconds(2));
  CHECK(wake(failed_with(errc::server_error), memory) == now + seconds(4));
  wake({cycle_end::published, {}, {}}, memory);
  CHECK(wake(failed_with(errc::timed_out), memory) == now + seconds(2));
}

TEST_CASE("a spent limit waits for minutes") {
  wake_memory memory(settings, 0.0);
  CHECK(wake(failed_with(errc::limit_reached), memory) >= now + minutes(1));
  CHECK(state_after(failed_with(errc::limit_reached)) == stream_state::limit_reached);
}

TEST_CASE("Retry-After is honoured to the second") {
  wake_memory memory(settings, 0.0);
  auto outcome = failed_with(errc::rate_limited);
  outcome.why.retry_after = seconds(17);
  CHECK(wake(outcome, memory) == now + seconds(17));
}
