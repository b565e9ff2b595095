#include "pipeline/corridor.hpp"

#include <utility>

#include "model/fault_point.hpp"
#include "pipeline/apart_members.hpp"
#include "pipeline/delivery.hpp"
#include "pipeline/memory.hpp"
#include "pipeline/out_of_history.hpp"
#include "pipeline/pacing.hpp"
#include "pipeline/read_window.hpp"
#include "pipeline/series_room.hpp"
#include "pipeline/waiting.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;

cycle_outcome failed(error why) { return {cycle_end::failed, std::move(why), {}}; }

plan_context context_of(const request_group& group, const corridor& c) {
  return {network_now(group, c.clock.now()), c.limits, c.schedule.hole_after};
}

// As long as it is not certain what time the API has, a poll too many is better than none.
plan_context context_of_plan(const request_group& group, const corridor& c) {
  const auto time = c.clock.read();
  const bool coarse = group.identity.interval != interval_size::m5;  // a bucket that is open yet is served unmarked
  return {network_now(group, coarse ? time.now : time.latest), c.limits, c.schedule.hole_after};
}

network_time slowest_position(const group_state& state) {
  auto from = network_time::max();
  for (std::size_t i = 0; i < state.members.size(); ++i) {
    if (!state.apart.contains(i)) from = std::min(from, state.members[i].position);
  }
  return from;
}

// The window cannot be had even at one interval: go on without it, and say so in progress (guarantee.md §5).
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
    note_answered(state, plan, {}, network_now(group, c.clock.now()));
    co_return cycle_outcome{cycle_end::more, {}, {}};
  }
  auto fate = co_await c.to.commit(std::move(work));
  if (!fate) co_return failed(fate.error());
  for (const auto i : plan.members) state.again.answered(i, {plan.window.start, end}, context_of(group, c).now);
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
    const bool goes_on = note_empty_window(group, state, plan, context);
    co_return cycle_outcome{goes_on ? cycle_end::more : cycle_end::nothing_yet, {}, {}};
  }
  if (why.code == errc::rejected) {
    auto skipping = skip_to_history(group, state, c, plan, why);
    const auto skipped = co_await std::move(skipping);
    if (!skipped) co_return failed(skipped.error());
    if (*skipped) co_return cycle_outcome{cycle_end::more, {}, {}};
  }
  // What concerns every request says nothing of a wide one.
  const bool own = !trouble_in(why) && why.code != errc::rate_limited;
  if (plan.wide && own) {
    state.again.postpone(context.now, is_probed_hourly(why.code) ? c.schedule.probe_rejected : std::chrono::seconds(0));
  }
  if (!shrinks_window(why)) {
    auto outcome = failed(why);
    outcome.live_goes_on = plan.wide && own;
    co_return outcome;
  }
  const bool hopeless = note_trouble(state, plan, group.identity.interval, context.now);
  const bool unusable = why.code == errc::malformed || why.code == errc::too_large;
  if (!hopeless || !unusable) co_return failed(why);
  auto given_up = co_await give_up_window(group, state, c, plan, why);
  co_return given_up;
}

cycle_outcome ended_without(const error& why) {
  if (why.code == errc::fenced) return {cycle_end::fenced, {}, {}};
  if (why.code == errc::stopped) return {cycle_end::stopped, {}, {}};
  return failed(why);
}

cycle_outcome after_delivery(const result<void>& delivered, const group_plan& plan) {
  if (!delivered) return ended_without(delivered.error());
  return {plan.reaches_edge ? cycle_end::published : cycle_end::more, {}, {}};
}

// A relative `start:` was resolved before anything was known of the API's time.
asio::awaitable<result<void>> begin_by_checked_time(const request_group& group, group_state& state, corridor& c) {
  auto drawn = starts_drawn_back(group, state, c.clock.now(), c.limits);
  if (drawn.empty()) co_return result<void>();
  submission work;
  work.changes = std::move(drawn);
  auto fate = co_await c.to.commit(std::move(work));
  if (!fate) co_return fate;
  catch_up(group, state, c.to.state().members);
  c.report.log().warn(
      "this host's clock was ahead, or the plan of the key not known, when `start` was resolved: the "
      "stream begins earlier",
      {{"stream", stream_names(group)}, {"begins", format(state.members.front().start)}});
  co_return fate;
}

// An answer without a new label or a changed value: nothing is begun.
cycle_outcome after_nothing_new(const request_group& group, group_state& state, const group_plan& plan,
                                const plan_context& context) {
  const bool goes_on = note_search(group, state, plan, context);
  return {goes_on || is_read_again(plan) ? cycle_end::more : cycle_end::nothing_yet, {}, {}};
}

// Those far behind leave the credits to others of their group that are at the live edge, but for a tenth of the day.
spend_on purpose_of(const group_plan& plan) {
  if (plan.of == turn::live) return spend_on::live;
  return plan.others_wait ? spend_on::backfill : spend_on::catch_up;
}

// What is planned is fetched, understood, compared and committed.
asio::awaitable<cycle_outcome> walk_window(const request_group& group, group_state& state, corridor& c,
                                           group_plan& plan) {
  const auto hand = work_of(group, plan.window, context_of(group, c).now);
  c.work.begins(coroutine_of(group), {hand});
  wanted_window wanted{metrics_of(group, plan), plan.window, purpose_of(plan)};
  const auto& trouble = trouble_of(state, plan);
  if (trouble.times > 0 || trouble.smaller) wanted.unusable = unusable_answer::kept_as_sample;
  auto read = co_await read_window(group, std::move(wanted), c);
  if (!read) {
    error why = read.error();
    auto outcome = co_await after_failure(group, state, c, plan, std::move(why));
    co_return outcome;
  }
  state.answer_bytes = read->bytes;
  state.requests = read->requests;
  plan.asked = read->asked;
  const auto answer = std::move(read->answer);

  fault_point("corridor.decoded");
  const auto room = check_series_room(group, state.ledgers, plan.members, answer);
  if (!room) co_return failed(room.error());
  auto planning = plan_steps(group, state, plan, answer, context_of(group, c), c.loop);
  auto planned = co_await std::move(planning);
  auto& steps = planned.steps;
  if (steps.empty()) {
    note_answered(state, plan, planned.left_out, context_of(group, c).now);
    c.work.succeeded(hand);
    co_return after_nothing_new(group, state, plan, context_of(group, c));
  }
  std::vector<member_published> published;
  published.reserve(steps.size());
  for (const auto& step : steps)
    published.push_back({step.member, step.records.chosen.chosen, step.records.chosen.nulls});

  fault_point("corridor.planned");
  auto delivered = co_await deliver(group, state, c, answer, plan.asked, std::move(steps));
  if (delivered) {
    note_answered(state, plan, planned.left_out, context_of(group, c).now);
    note_search(group, state, plan, context_of(group, c));
    c.work.succeeded(hand);
  }
  if (!delivered && delivered.error().code == errc::kafka_refused) {
    const error why = delivered.error();
    auto parting = set_apart(group, state, c, why);
    co_await std::move(parting);
  }
  auto outcome = after_delivery(delivered, plan);
  if (delivered) outcome.published = std::move(published);
  co_return outcome;
}

}  // namespace

asio::awaitable<cycle_outcome> run_cycle(const request_group& group, group_state& state, corridor& c, turn whose) {
  c.work.begins(coroutine_of(group), {work_of(group, {})});
  catch_up(group, state, c.to.state().members);
  const auto begins = co_await begin_by_checked_time(group, state, c);
  if (!begins) co_return ended_without(begins.error());
  see_who_is_apart(group, state, c.to);
  if (state.apart.size() == group.members.size()) co_return cycle_outcome{cycle_end::idle, {}, {}};
  const auto longest = co_await longest_window(group, slowest_position(state), c);
  if (!longest && longest.error().code == errc::stopped) co_return cycle_outcome{cycle_end::stopped, {}, {}};
  if (!longest) co_return failed(longest.error());
  state.portion_cap = *longest;
  auto plan = plan_group(group, state, context_of_plan(group, c), whose);
  if (!plan) co_return cycle_outcome{cycle_end::idle, {}, {}};
  auto walking = walk_window(group, state, c, *plan);
  auto outcome = co_await std::move(walking);
  outcome.of = plan->of;
  outcome.others_wait = plan->others_wait;
  outcome.asked = std::move(plan->members);
  co_return outcome;
}

asio::awaitable<void> run_group(request_group group, group_state state, corridor& c) {
  const double scatter = c.uniform();
  wake_memory live_memory(c.schedule, scatter);
  wake_memory behind_memory(c.schedule, scatter);
  pacing pace(group, c.schedule, scatter, c.budget);
  turns whose(c.clock.run());
  while (!c.tap.is_set()) {
    // Until somebody's turn comes; Kafka may be due to be tried before that.
    const auto until = std::min(whose.due(), next_rehearsal(group, c.to));
    const auto patience = c.clock.real(until - c.clock.run());
    const auto woke = co_await wait_in_turn(c, patience);
    if (woke == woken::stopped) break;
    if (woke == woken::eased) {
      whose.eased(c.clock.run(), pace.next(c.clock.look()));
      continue;
    }
    if (next_rehearsal(group, c.to) <= c.clock.run()) {
      const bool back = co_await rehearse(group, state, c);
      if (back) whose.at_once(c.clock.run());
      if (whose.due() > c.clock.run()) continue;
    }
    const auto wanted = whose.next();
    const auto asked = c.clock.run();
    auto outcome = co_await run_cycle(group, state, c, wanted);
    give_back_memory(std::exchange(state.answer_bytes, 0));
    c.report.cycle_ended(group, state, outcome);
    if (outcome.end == cycle_end::fenced) {
      c.tap.set();
      break;
    }
    if (outcome.of == turn::live) pace.polled(asked, outcome.end, state, c.clock.look());
    const auto live = pace.next(c.clock.look());
    c.report.paced(group, pace.at_edge(), c.budget.outlook(c.clock.now()));
    auto& memory = outcome.of == turn::live ? live_memory : behind_memory;
    const auto pause = next_pause(outcome, memory, live, c.schedule, c.uniform());
    whose.ended({wanted, outcome.of, outcome.others_wait, wants_the_budget(outcome), pause, live}, c.clock.run());
    c.report.wakes(group, c.clock.now() + (whose.due() - c.clock.run()));
    c.report.apart(group, state, c.to.apart());
  }
}

}  // namespace oes
