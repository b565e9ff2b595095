// When the live edge of a group is asked for again.
#include "pipeline/pacing.hpp"

#include <doctest/doctest.h>

#include "support/times.hpp"
#include "unit/pipeline/poll_fixture.hpp"

using namespace oes;
using namespace oes::test;

namespace {

moment at_nem(std::string_view label) {
  const auto now = to_utc(at(label), network::nem);
  return {now, run_time(now.time_since_epoch())};
}

}  // namespace

TEST_CASE("a stream that was apart, far behind, is polled as before once it is back at the edge") {
  const auto group = make_groups({nem_stream()}).front();
  rationing budget({}, limits_of("ENTERPRISE"), {});
  pacing pace(group, {}, 0.0, budget);
  group_state state;
  state.members.resize(1);
  state.members[0].position = at("2026-11-23T08:00:00");
  state.apart = {0};
  const auto apart = at_nem("2026-11-23T10:11:00");
  pace.polled(apart.run, cycle_end::idle, state, apart);
  state.apart.clear();
  state.members[0].position = at("2026-11-23T10:05:00");
  const auto back = at_nem("2026-11-23T10:12:00");
  pace.polled(back.run, cycle_end::published, state, back);
  CHECK(pace.next(back) <= std::chrono::minutes(10));
}
