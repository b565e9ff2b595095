#include "pipeline/corridor.hpp"

#include <utility>

#include "model/fault_point.hpp"
#include "pipeline/apart_members.hpp"
#include "pipeline/delivery.hpp"
#include "pipeline/memory.hpp"
#include "pipeline/pacing.hpp"
#include "pipeline/read_window.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;

cycle_outcome failed(error why) { return {cycle_end::failed, std::move(why), {}}; }

plan_context context_of(const request_group& group, const corridor& c) {
  return {network_now(group, c.clock.now()), c.limits, c.schedule.hole_after};
}

network_time slowest_position(const group_state& state) {
  auto from = network_time::max();
  for (std::size_t i = 0; i < state.members.size(); ++i) {
    if (!state.apart.contains(i)) from = std::min(from, state.members[i].position);
  }
  return from;
}

// The window cannot be had even at one interval: go on without it, and say so in progress (delivery.md §7).
asio::awaitable<cycle_outcome> give_up_window(const request_group& group, group_state& state, corridor& c,
                                              const group_plan& plan, const error& why) {
  submission work;
  const auto end = bucket_add(plan.window.start, group.identity.interval, 1);
  for (const auto i : plan.members) {
    const auto position = state.members[i].position;
    if (position >= end) continue;
    member_patch patch;
    patch.gaps.push_back({{position, end}, std::string(name(why.code)), c.clock.now()});
    patch.position = end;
    work.changes.emplace_back(group.members[i].key, std::move(patch));
  }
  if (work.changes.empty()) {  // it was read before: only this re-read goes without it
    note_answered(state, plan, network_now(group, c.clock.now()));
    co_return cycle_outcome{cycle_end::more, {}, {}};
  }
  auto fate = co_await c.to.commit(std::move(work));
  if (!fate) co_return failed(fate.error());
  c.report.log().error(
      "an interval could not be read and is recorded as a gap",
      {{"stream", stream_names(group)}, {"interval", format(plan.window.start)}, {"reason", why.context}});
  co_return cycle_outcome{cycle_end::more, {}, {}};
}

asio::awaitable<cycle_outcome> after_failure(const request_group& group, group_state& state, corridor& c,
                                             const group_plan& plan, error why) {
  const auto context = context_of(group, c);
  if (why.code == errc::stopped) co_return cycle_outcome{cycle_end::stopped, {}, {}};
  if (why.code == errc::not_yet) {
    const bool probe = note_empty_window(state, plan, context);
    co_return cycle_outcome{probe ? cycle_end::more : cycle_end::nothing_yet, {}, {}};
  }
  if (plan.wide && why.code != errc::rate_limited) state.again.postpone(context.now);
  if (!shrinks_window(why.code)) co_return failed(why);
  const bool hopeless = note_trouble(state, plan, group.identity.interval, context.now);
  const bool unusable = why.code == errc::malformed || why.code == errc::too_large;
  if (!hopeless || !unusable) co_return failed(why);
  auto given_up = co_await give_up_window(group, state, c, plan, why);
  co_return given_up;
}

cycle_outcome after_delivery(const result<void>& delivered, group_state& state, const group_plan& plan) {
  if (!delivered) {
    const auto code = delivered.error().code;
    if (code == errc::fenced) return {cycle_end::fenced, {}, {}};
    if (code == errc::stopped) return {cycle_end::stopped, {}, {}};
    return failed(delivered.error());
  }
  state.trouble = {};
  bool passed_probe = true;
  for (const auto i : plan.members) passed_probe = passed_probe && state.members[i].position >= state.probe_from;
  if (passed_probe) {
    state.probe_from.reset();
    state.widen = false;
  }
  return {plan.reaches_edge && !plan.more_behind ? cycle_end::published : cycle_end::more, {}, {}};
}

// An answer without a new label or a changed value: nothing is begun.
cycle_outcome after_nothing_new(group_state& state, const group_plan& plan, const plan_context& context) {
  if (plan.old_only) return {cycle_end::more, {}, {}};
  const bool probe = note_empty_window(state, plan, context);
  return {probe ? cycle_end::more : cycle_end::nothing_yet, {}, {}};
}

}  // namespace

asio::awaitable<cycle_outcome> run_cycle(const request_group& group, group_state& state, corridor& c, bool at_trigger) {
  catch_up(group, state, c.to.state().members);
  see_who_is_apart(group, state, c.to);
  if (state.apart.size() == group.members.size()) co_return cycle_outcome{cycle_end::idle, {}, {}};
  const auto longest = co_await longest_window(group, slowest_position(state), c);
  if (!longest && longest.error().code == errc::stopped) co_return cycle_outcome{cycle_end::stopped, {}, {}};
  if (!longest) co_return failed(longest.error());
  state.portion_cap = *longest;
  const auto plan = plan_group(group, state, context_of(group, c), at_trigger);
  if (!plan) co_return cycle_outcome{cycle_end::idle, {}, {}};

  wanted_window wanted{metrics_of(group, *plan), plan->window, at_trigger ? spend_on::live : spend_on::catch_up};
  if (state.trouble.times > 0) wanted.unusable = unusable_answer::kept_as_sample;
  auto read = co_await read_window(group, std::move(wanted), c);
  if (!read) {
    error why = read.error();
    auto outcome = co_await after_failure(group, state, c, *plan, std::move(why));
    co_return outcome;
  }
  state.answer_bytes = read->bytes;
  state.requests = read->requests;
  const auto answer = std::move(read->answer);

  fault_point("corridor.decoded");
  auto steps = plan_steps(group, state, *plan, answer, context_of(group, c));
  note_answered(state, *plan, context_of(group, c).now);
  if (steps.empty()) co_return after_nothing_new(state, *plan, context_of(group, c));
  std::vector<member_published> published;
  published.reserve(steps.size());
  for (const auto& step : steps)
    published.push_back({step.member, step.records.chosen.chosen, step.records.chosen.nulls});

  fault_point("corridor.planned");
  auto delivered = co_await deliver(group, state, c, answer, std::move(steps));
  if (!delivered && delivered.error().code == errc::kafka_refused) {
    const error why = delivered.error();
    co_await set_apart(group, state, c, why);
  }
  auto outcome = after_delivery(delivered, state, *plan);
  if (delivered) outcome.published = std::move(published);
  co_return outcome;
}

asio::awaitable<void> run_group(request_group group, group_state state, corridor& c) {
  wake_memory memory(c.schedule, c.uniform());
  pacing pace(group, c.schedule, memory.scatter, c.budget);
  auto wake = c.clock.now();
  bool at_trigger = true;
  while (!c.tap.is_set()) {
    const auto due = std::min(wake, next_rehearsal(group, c.to));
    const bool closed = co_await c.tap.wait_for(c.clock.real(due - c.clock.now()));
    if (closed) break;
    if (next_rehearsal(group, c.to) <= c.clock.now()) {
      const bool back = co_await rehearse(group, state, c);
      if (!back && c.clock.now() < wake) continue;
    }
    const auto asked = c.clock.now();
    auto outcome = co_await run_cycle(group, state, c, at_trigger);
    give_back_memory(std::exchange(state.answer_bytes, 0));
    c.report.cycle_ended(group, state, outcome);
    if (outcome.end == cycle_end::fenced) {
      c.tap.set();
      break;
    }
    at_trigger = outcome.end != cycle_end::more;
    pace.polled(asked, outcome.end, state);
    const auto live = pace.next(c.clock.now());
    c.report.paced(group, pace.granted(), c.budget.stretch(c.clock.now()), c.budget.credits);
    wake = next_wake(outcome, memory, c.clock.now(), live, c.schedule, c.uniform());
    c.report.wakes(group, wake);
    c.report.apart(group, state, c.to.apart());
  }
}

}  // namespace oes
