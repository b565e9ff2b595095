#include "groups/group_state.hpp"

#include <doctest/doctest.h>

#include "groups/conclude.hpp"
#include "groups/plan_group.hpp"
#include "support/times.hpp"

using namespace oes;
using namespace oes::test;

namespace {

request_group group_of(std::size_t members) {
  stream_spec stream;
  stream.name = "s";
  stream.metrics = {"power", "energy", "emissions"};
  stream.metrics.resize(members);
  stream.topic = "t";
  return make_groups({stream}).front();
}

group_state state_at(const std::vector<std::string_view>& positions) {
  group_state state;
  state.re_reads = look_back({}, interval_size::m5, positions.size());
  for (const auto text : positions) {
    member_progress member;
    member.position = at(text);
    state.members.push_back(member);
    state.ledgers.emplace_back(interval_size::m5);
  }
  return state;
}

const error unusable{errc::malformed, "cut off"};
const plan_context context{at("2026-11-23T10:31:00"), limits_of("COMMUNITY"), std::chrono::hours(1)};

}  // namespace

TEST_CASE("members a little apart still travel in one live request, from the slower one's position") {
  auto state = state_at({"2026-11-23T10:20:00", "2026-11-23T10:00:00"});
  const auto plan = plan_group(group_of(2), state, context, turn::live);
  REQUIRE(plan);
  CHECK(plan->window == time_window{at("2026-11-23T10:00:00"), std::nullopt});
  CHECK(plan->members.size() == 2);
}

TEST_CASE("at its trigger the live edge goes first; in between those far behind catch up") {
  const auto group = group_of(2);
  auto state = state_at({"2026-11-23T10:20:00", "2026-08-01T00:00:00"});
  const auto live = plan_group(group, state, context, turn::live);
  CHECK(live->members == std::vector<std::size_t>{0});
  CHECK(live->others_wait);
  const auto behind = plan_group(group, state, context, turn::behind);
  CHECK(behind->members == std::vector<std::size_t>{1});
  CHECK(behind->window.end == at("2026-08-09T00:00:00"));
}

TEST_CASE("where the live edge has nothing to ask for, those far behind are asked for when they are due, not before") {
  const auto group = group_of(2);
  auto state = state_at({"2026-11-23T10:30:00", "2026-08-01T00:00:00"});
  CHECK_FALSE(plan_group(group, state, context, turn::live, other_turn::rests));
  CHECK(others_wait(group, state, context, turn::live));
  const auto behind = plan_group(group, state, context, turn::live, other_turn::is_due);
  REQUIRE(behind);
  CHECK(behind->of == turn::behind);
  auto all_far = state_at({"2026-08-02T00:00:00", "2026-08-01T00:00:00"});
  CHECK(plan_group(group, all_far, context, turn::live, other_turn::rests));  // nobody else is there
}

TEST_CASE(
    "C3: a time that lies before what was published is wrong: what comes next is asked for, so that an answer corrects "
    "it") {
  const auto group = group_of(1);
  auto state = state_at({"2026-11-23T12:30:00"});
  CHECK_FALSE(plan_group(group, state, context, turn::live));  // a `start:` that lies ahead is waited for
  state.members[0].labels.cover({at("2026-11-23T12:00:00"), at("2026-11-23T12:30:00")});
  const auto plan = plan_group(group, state, context, turn::live);
  REQUIRE(plan);
  CHECK(plan->window.start <= at("2026-11-23T12:30:00"));
  CHECK_FALSE(plan->window.end);
}

TEST_CASE("C: what was published before `publish_after` was raised is no sign of a wrong time, and is waited behind") {
  for (const auto size : {interval_size::m5, interval_size::h1}) {
    auto group = group_of(1);
    group.identity.interval = size;
    group.publish_after = std::chrono::hours(72);
    auto state = state_at({"2026-11-23T10:00:00"});
    state.members[0].labels.cover({at("2026-11-23T08:00:00"), at("2026-11-23T10:00:00")});
    const auto by = [&](std::string_view time) {
      const auto now = group.now(to_utc(at(time), network::nem));
      return plan_group(group, state, {now, context.limits, context.hole_after}, turn::live);
    };
    CHECK_FALSE(by("2026-11-23T10:06:00"));
    CHECK_FALSE(by("2026-11-25T10:06:00"));
    CHECK(by("2026-11-26T12:06:00"));
    CHECK(by("2026-11-23T06:06:00"));  // before what was there
  }
}

TEST_CASE("a `start:` that lies ahead is waited for, also where a backfill has published what is older") {
  const auto group = group_of(1);
  auto state = state_at({"2026-12-25T00:00:00"});
  state.members[0].labels.cover({at("2026-11-01T00:00:00"), at("2026-11-02T00:00:00")});
  CHECK_FALSE(plan_group(group, state, context, turn::live));
}

TEST_CASE("a search that has reached the live edge passes nothing there that may only be late") {
  const auto group = group_of(1);
  auto state = state_at({"2026-11-01T00:00:00"});
  for (int i = 0; i < 20; ++i) {
    const auto plan = plan_group(group, state, context, turn::behind);
    REQUIRE(plan);
    if (plan->reaches_edge) break;
    conclude_empty(group, state, *plan);
  }
  auto at_edge = plan_group(group, state, context, turn::live);
  REQUIRE(at_edge->reaches_edge);
  const plan_context later{context.now + std::chrono::hours(5), context.limits, context.hole_after};
  at_edge->context = later;
  conclude_empty(group, state, *at_edge);
  const auto next = plan_group(group, state, later, turn::live);
  CHECK(next->window.start > at_edge->window.start);
  CHECK(later.now - next->window.start >= std::chrono::days(2));
}

TEST_CASE("C: a search that went on into the future by a wrong clock ends when the clock is right") {
  const auto group = group_of(1);
  auto state = state_at({"2026-11-23T10:20:00"});
  const auto ahead = std::chrono::days(10);
  const plan_context wrong{context.now + ahead, context.limits, context.hole_after};
  for (int i = 0; i < 5; ++i) {
    const auto plan = plan_group(group, state, wrong, turn::live);
    if (!plan) break;
    conclude_empty(group, state, *plan);
  }
  REQUIRE_FALSE(state.searches.empty());
  const auto plan = plan_group(group, state, context, turn::live);
  REQUIRE(plan);
  CHECK(plan->window.start <= at("2026-11-23T10:20:00"));
}

TEST_CASE("a window of those far behind that fails makes none at the live edge smaller, and the other way round") {
  const auto group = group_of(2);
  auto state = state_at({"2026-11-23T10:20:00", "2026-08-01T00:00:00"});
  for (int i = 0; i < 30; ++i) {
    const auto behind = plan_group(group, state, context, turn::behind);
    learn_from_trouble(state, *behind, interval_size::m5, unusable);
  }
  CHECK(plan_group(group, state, context, turn::behind)->window.end < at("2026-08-01T02:00:00"));
  const auto live = plan_group(group, state, context, turn::live);
  CHECK(live->members == std::vector<std::size_t>{0});
  CHECK_FALSE(live->window.end);
  for (int i = 0; i < 30; ++i)
    learn_from_trouble(state, *plan_group(group, state, context, turn::live), interval_size::m5, unusable);
  CHECK(plan_group(group, state, context, turn::live)->members == std::vector<std::size_t>{0});
}

TEST_CASE("a member without rows for longer than a window is looked for further on; the others look back as ever") {
  const auto group = group_of(2);
  auto state = state_at({"2026-11-23T10:20:00", "2026-11-01T00:00:00"});
  state.re_reads = look_back({{std::chrono::hours(1), {}, {}}}, interval_size::m5, 2);
  for (auto& member : state.members) member.ledger_from = member.position - std::chrono::hours(1);
  for (auto& member : state.members)
    state.re_reads.polled(static_cast<std::size_t>(&member - state.members.data()), context.now);
  std::vector<std::string> begins;
  const auto ask = [&](turn whose) {
    const auto plan = plan_group(group, state, context, whose);
    begins.push_back(format(plan->window.start));
    if (whose == turn::live) conclude(group, state, *plan, {}, what_was_taken::something);
    conclude_empty(group, state, *plan);
  };
  // A live poll in between neither ends the search nor begins it anew; at the edge it is part of that poll.
  for (const auto whose : {turn::behind, turn::live, turn::behind, turn::live, turn::live}) ask(whose);
  CHECK(begins[0] == "2026-11-01T00:00:00");
  CHECK(begins[1] == "2026-11-23T09:20:00");
  CHECK(begins[2] == "2026-11-09T00:00:00");
  CHECK(begins[3] == "2026-11-17T00:00:00");
  CHECK(begins[4] == "2026-11-21T10:30:00");
}

TEST_CASE("streams with different groupings or networks do not share a request, equal ones do") {
  stream_spec a;
  a.name = "a";
  a.metrics = {"power", "price"};
  a.topic = "t.{dataset}";
  stream_spec b = a;
  b.name = "b";
  b.metrics = {"energy"};
  stream_spec c = a;
  c.name = "c";
  c.net = network::wem;
  const auto groups = make_groups({a, b, c});
  REQUIRE(groups.size() == 4);  // NEM data (a, b), NEM market (a), WEM data and market (c)
  CHECK(groups[0].members.size() == 2);
  CHECK(stream_names(groups[0]) == "a,b");
  CHECK(groups[1].members[0].options.topic == "t.market");
}

TEST_CASE("between two walks a group's members are what is committed, whoever committed it") {
  const auto group = group_of(1);
  auto state = state_at({"2026-11-23T10:00:00"});
  auto committed = state.members[0];
  committed.labels.cover({at("2026-11-01T00:00:00"), at("2026-11-02T00:00:00")});
  reload_committed(group, state, {{group.members[0].key, committed}, {{"another", "power"}, {}}});
  CHECK(state.members[0] == committed);
}

TEST_CASE("a window that cannot be made smaller is not said to be: its tries are no quicker for it") {
  using enum after_trouble;
  window_trouble trouble;
  const auto fails = [&trouble](const time_window& window) {
    std::vector<after_trouble> all;
    all.reserve(patience_with_a_window);
    for (int i = 0; i < patience_with_a_window; ++i) {
      all.push_back(count_trouble(trouble, window, interval_size::m5, at("2026-11-23T10:21:00")));
    }
    return all;
  };
  CHECK(fails({at("2026-11-23T10:00:00"), std::nullopt}) == std::vector{halve, halve, halve});
  CHECK(fails({at("2026-11-23T10:00:00"), at("2026-11-23T10:10:00")}) == std::vector{halve, halve, halve});
  // A live query of one interval is asked for as it is until that is over.
  CHECK(fails({at("2026-11-23T10:15:00"), std::nullopt}) == std::vector{try_again, try_again, try_again});
  CHECK(fails({at("2026-11-23T10:15:00"), at("2026-11-23T10:20:00")}) == std::vector{try_again, try_again, give_up});
}
