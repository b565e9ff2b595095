#include "report/state_after.hpp"

#include <doctest/doctest.h>

using namespace oes;

namespace {

cycle_outcome failure_of(errc code) { return {cycle_end::failed, {code, "why"}, {}}; }

}  // namespace

TEST_CASE("a refused request stops its stream on the page, but not a deep re-read's, nor one that waits for the plan") {
  CHECK(state_after(failure_of(errc::rejected)) == stream_state::stopped_by_api);
  auto deep = failure_of(errc::rejected);
  deep.live_goes_on = true;
  CHECK(state_after(deep) == stream_state::retrying);
  auto early = failure_of(errc::rejected);
  early.waits_for_plan = true;
  CHECK(state_after(early) == stream_state::retrying);
}

TEST_CASE("a spent limit, a bad key and passing trouble are told apart") {
  CHECK(state_after(failure_of(errc::limit_reached)) == stream_state::limit_reached);
  CHECK(state_after(failure_of(errc::rate_limited)) == stream_state::limit_reached);
  CHECK(state_after(failure_of(errc::bad_key)) == stream_state::bad_key);
  CHECK(state_after(failure_of(errc::network_error)) == stream_state::retrying);
}

TEST_CASE("without trouble a stream is live, catches up, or waits for new labels") {
  CHECK(state_after({cycle_end::published}) == stream_state::live);
  CHECK(state_after({cycle_end::more}) == stream_state::catching_up);
  CHECK(state_after({cycle_end::nothing_yet}) == stream_state::waiting);
}
