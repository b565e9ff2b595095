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

// One stream, whose live edge is asked for as often as it wants.
struct one_stream {
  request_group group = make_groups({nem_stream()}).front();
  rationing budget{{}, limits_of("ENTERPRISE"), {}};
  pacing pace{group, {}, 0.0, budget};
  group_state state = [] {
    group_state out;
    out.members.resize(1);
    return out;
  }();
};

}  // namespace

TEST_CASE("a stream that was apart, far behind, is polled as before once it is back at the edge") {
  one_stream it;
  auto& pace = it.pace;
  auto& state = it.state;
  state.members[0].position = at("2026-11-23T08:00:00");
  state.apart = {0};
  const auto apart = at_nem("2026-11-23T10:11:00");
  pace.after({cycle_end::idle}, apart.run, state, apart);
  state.apart.clear();
  state.members[0].position = at("2026-11-23T10:05:00");
  const auto back = at_nem("2026-11-23T10:12:00");
  pace.after({cycle_end::published}, back.run, state, back);
  CHECK(pace.next(back).wait <= std::chrono::minutes(10));
}

TEST_CASE("what was learnt of arrivals while a wrong time was gone by is forgotten when it is corrected") {
  one_stream it;
  auto& pace = it.pace;
  auto& state = it.state;
  auto wrong = at_nem("2026-11-23T10:11:00");
  wrong.now += std::chrono::hours(2);
  state.members[0].position = at("2026-11-23T10:05:00");
  pace.after({cycle_end::published}, wrong.run, state, wrong);
  CHECK(pace.next(wrong).wait <= std::chrono::minutes(10));
  const auto right = at_nem("2026-11-23T10:16:00");
  state.members[0].position = at("2026-11-23T10:10:00");
  pace.after({cycle_end::published}, right.run, state, right);
  CHECK(pace.next(right).wait <= std::chrono::minutes(10));
}

TEST_CASE("labels that come before their time say that the time is wrong: the edge is asked for at fixed times") {
  one_stream it;
  auto& pace = it.pace;
  auto& state = it.state;
  auto wrong = at_nem("2026-11-23T10:11:00");
  wrong.now -= std::chrono::hours(20);
  state.members[0].position = at("2026-11-23T10:05:00");
  pace.after({cycle_end::published}, wrong.run, state, wrong);
  CHECK(pace.next(wrong).wait <= std::chrono::minutes(10));
}

TEST_CASE("F8: a stream that was opened during a stall is polled and watched as usual once its feed is back") {
  one_stream it;
  it.state.members[0].position = at("2026-11-23T07:05:00");
  for (const auto* const poll : {"2026-11-23T10:00:00", "2026-11-23T10:05:00"}) {
    const auto stalled = at_nem(poll);
    it.pace.after({cycle_end::nothing_yet}, stalled.run, it.state, stalled);
  }
  const auto back = at_nem("2026-11-23T11:00:00");
  it.state.members[0].position = at("2026-11-23T10:55:00");
  it.pace.after({cycle_end::published}, back.run, it.state, back);
  CHECK(it.pace.next(back).wait <= std::chrono::minutes(10));
  CHECK(it.pace.next(back).at_edge.late_after.value() < std::chrono::hours(1));
}

TEST_CASE("F7: what a feed of hours costs while it is late is kept from the others' credits") {
  budget_settings day;
  day.credits_per_day = 330;
  day.share = 1;
  rationing budget(day, limits_of("COMMUNITY"), {});
  budget.join({});  // every five minutes
  auto stream = nem_stream();
  stream.net = network::wem;
  stream.interval = interval_size::h1;
  const auto group = make_groups({stream}).front();
  pacing pace(group, {}, 0.0, budget);
  group_state state;
  state.members.resize(1);
  const auto now = utc("2026-11-23T00:01:10Z");
  const moment first{now, run_time(now.time_since_epoch())};
  state.members[0].position = at("2026-11-23T05:00:00");  // its bucket ends, and is held back, later
  pace.after({cycle_end::published}, first.run, state, first);
  CHECK(budget.stretch(now) == 1.0);
  state.members[0].position = at("2026-11-22T06:00:00");
  pace.after({cycle_end::nothing_yet}, first.run, state, first);
  CHECK(budget.stretch(now) > 1.0);
  state.members[0].position = at("2026-11-23T05:00:00");
  pace.after({cycle_end::published}, first.run, state, first);
  CHECK(budget.stretch(now) == 1.0);
}

namespace {

std::chrono::seconds late_after(interval_size interval, network net) {
  auto stream = nem_stream();
  stream.net = net;
  stream.interval = interval;
  rationing budget{{}, limits_of("ENTERPRISE"), {}};
  pacing pace{make_groups({stream}).front(), {}, 0.0, budget};
  return *pace.next(at_nem("2026-11-23T10:00:00")).at_edge.late_after;
}

}  // namespace

TEST_CASE("a day of WEM that waits until the feed has filled it, a day later, is not late") {
  const auto newest_is = std::chrono::days(3) + std::chrono::minutes(40);  // when it comes at last, the one before
  CHECK(late_after(interval_size::d1, network::wem) > newest_is);
  CHECK(late_after(interval_size::d1, network::nem) < newest_is);
}
