#include "pipeline/corridor.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "decode/decode.hpp"
#include "model/fault_point.hpp"
#include "pipeline/delivery.hpp"
#include "pipeline/memory.hpp"
#include "pipeline/pacing.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;

// About 3 ms of parsing: health, watchdog and signals are served in between.
constexpr std::size_t tokens_per_slice = 60'000;

cycle_outcome failed(error why) { return {cycle_end::failed, std::move(why), {}}; }

plan_context context_of(const request_group& group, const corridor& c) {
  return {network_now(group, c.clock.now()), c.limits, c.schedule.hole_after};
}

// Waits for a credit and its turn. Errors: stopped, rate_limited (none is to be had now; says when to ask again).
asio::awaitable<result<void>> take_credit(corridor& c, spend_on purpose) {
  const auto now = c.clock.now();
  const auto answer = c.budget.spend(purpose, now);
  c.report.credits(c.budget.credits.used_today(now), c.budget.credits.per_day());
  if (!answer.leave) {
    const auto wait = std::chrono::ceil<std::chrono::seconds>(answer.ask_again - now);
    co_return error{errc::rate_limited, std::string(answer.why), wait, 0};
  }
  const bool stopped = co_await c.tap.wait_for(c.clock.real(*answer.leave - now));
  if (stopped) co_return error{errc::stopped, "stopped", {}, 0};
  co_return result<void>();
}

// What the answer says of the key. A limit that is spent concerns every group of the key.
void note_key(result<raw_answer>& arrived, corridor& c) {
  if (arrived) return c.budget.credits.answered();
  auto why = arrived.error();
  if (why.code == errc::not_yet) return c.budget.credits.answered();
  if (why.code != errc::limit_reached) return;
  const auto now = c.clock.now();
  why.retry_after = std::chrono::ceil<std::chrono::seconds>(c.budget.credits.refused(now, c.uniform()) - now);
  arrived = std::move(why);
}

// A fetch ends at once when the tap closes: nothing has been begun.
asio::awaitable<result<raw_answer>> fetch(const request_group& group, const group_plan& plan, corridor& c) {
  using namespace asio::experimental::awaitable_operators;
  fetch_request request{group.identity, metrics_of(group, plan), plan.window};
  const auto began = std::chrono::steady_clock::now();
  auto answer = c.from.fetch(std::move(request));
  auto stop = c.tap.wait();
  auto first = co_await (std::move(answer) || std::move(stop));
  if (first.index() == 1) co_return error{errc::stopped, "stopped", {}, 0};
  auto& arrived = std::get<0>(first);
  c.report.requested(group, arrived ? "ok" : name(arrived.error().code), std::chrono::steady_clock::now() - began,
                     arrived ? arrived->body.size() : 0);
  note_key(arrived, c);
  co_return std::move(arrived);
}

asio::awaitable<result<time_series_answer>> understand(raw_answer answer, expected_answer expected, corridor& c) {
  decoder parsing(std::move(answer), std::move(expected));
  while (true) {
    auto finished = parsing.advance(tokens_per_slice);
    if (!finished) co_return finished.error();
    if (*finished) co_return parsing.take();
    co_await asio::post(c.loop, asio::use_awaitable);
  }
}

// The window cannot be had even at one interval: go on without it, and say so in progress (delivery.md §7).
asio::awaitable<cycle_outcome> give_up_window(const request_group& group, group_state& state, corridor& c,
                                              const group_plan& plan, const error& why) {
  submission work;
  auto members = state.members;
  const auto end = bucket_add(plan.window.start, group.identity.interval, 1);
  for (const auto i : plan.members) {
    if (members[i].position >= end) continue;
    members[i].gaps.push_back({{members[i].position, end}, std::string(name(why.code)), c.clock.now()});
    members[i].position = end;
    work.changes.emplace_back(group.members[i].key, members[i]);
  }
  if (work.changes.empty()) {  // it was read before: only this re-read goes without it
    note_answered(state, plan, network_now(group, c.clock.now()));
    co_return cycle_outcome{cycle_end::more, {}, {}};
  }
  auto fate = co_await c.to.commit(std::move(work));
  if (!fate) co_return failed(fate.error());
  state.members = std::move(members);
  c.report.log().error(
      "an interval could not be read and is recorded as a gap",
      {{"stream", stream_names(group)}, {"interval", format(plan.window.start)}, {"reason", why.context}});
  co_return cycle_outcome{cycle_end::more, {}, {}};
}

bool shrinks_window(errc code) {
  return code == errc::malformed || code == errc::too_large || code == errc::server_error || code == errc::timed_out;
}

asio::awaitable<cycle_outcome> after_failure(const request_group& group, group_state& state, corridor& c,
                                             const group_plan& plan, error why) {
  const auto context = context_of(group, c);
  if (why.code == errc::stopped) co_return cycle_outcome{cycle_end::stopped, {}, {}};
  if (why.code == errc::not_yet) {
    const bool probe = note_empty_window(state, plan, context);
    co_return cycle_outcome{probe ? cycle_end::more : cycle_end::nothing_yet, {}, {}};
  }
  if (plan.wide) state.again.postpone(context.now);
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
  const auto plan = plan_group(group, state, context_of(group, c), at_trigger);
  if (!plan) co_return cycle_outcome{cycle_end::idle, {}, {}};

  auto credit = co_await take_credit(c, at_trigger ? spend_on::live : spend_on::catch_up);
  if (!credit && credit.error().code == errc::stopped) co_return cycle_outcome{cycle_end::stopped, {}, {}};
  if (!credit) co_return failed(credit.error());

  fault_point("corridor.before-fetch");
  auto fetched = co_await fetch(group, *plan, c);
  fault_point("corridor.fetched");
  if (!fetched) {
    error why = fetched.error();
    auto outcome = co_await after_failure(group, state, c, *plan, std::move(why));
    co_return outcome;
  }
  state.answer_bytes = fetched->body.size();
  const std::string head = state.trouble.times > 0 ? fetched->body.substr(0, 4096) : std::string();

  expected_answer expected{group.identity.net, group.identity.interval, metrics_of(group, *plan)};
  auto answer = co_await understand(std::move(*fetched), std::move(expected), c);
  if (!answer) {
    error why = answer.error();
    if (!head.empty()) c.keep_sample(why.context, head);
    auto outcome = co_await after_failure(group, state, c, *plan, std::move(why));
    co_return outcome;
  }

  fault_point("corridor.decoded");
  auto steps = plan_steps(group, state, *plan, *answer, context_of(group, c));
  note_answered(state, *plan, context_of(group, c).now);
  if (steps.empty()) co_return after_nothing_new(state, *plan, context_of(group, c));
  std::vector<member_published> published;
  published.reserve(steps.size());
  for (const auto& step : steps)
    published.push_back({step.member, step.records.chosen.chosen, step.records.chosen.nulls});

  fault_point("corridor.planned");
  auto delivered = co_await deliver(group, state, c, *answer, std::move(steps));
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
    const bool closed = co_await c.tap.wait_for(c.clock.real(wake - c.clock.now()));
    if (closed) break;
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
  }
}

}  // namespace oes
