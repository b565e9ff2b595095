#include "pipeline/poll_loop.hpp"

#include <utility>

#include "groups/conclude.hpp"
#include "groups/plan_group.hpp"
#include "model/fault_point.hpp"
#include "pipeline/apart_members.hpp"
#include "pipeline/failed_read.hpp"
#include "pipeline/next_plan.hpp"
#include "pipeline/poll_schedule.hpp"
#include "pipeline/series_room.hpp"
#include "reader/release_heap.hpp"

namespace oes {

namespace asio = boost::asio;

poll_loop::poll_loop(request_group group, group_state state, const poll_context& by, reader& read, writer& write)
    : group_(std::move(group)), state_(std::move(state)), by_(by), read_(read), write_(write) {}

asio::awaitable<cycle_outcome> poll_loop::cycle(turn whose, other_turn other) {
  by_.work.begins(who_, {{hand_.of, {}}});
  auto planning = next_plan(group_, state_, by_, read_, write_, whose, other);
  auto plan = co_await std::move(planning);
  if (!plan || !*plan) {
    auto outcome = plan ? cycle_outcome{cycle_end::idle} : ended_without(plan.error());
    outcome.of = whose;
    outcome.others_wait = others_wait(group_, state_, context_of(group_, by_), whose);
    co_return outcome;
  }
  auto walking = read_and_publish(**plan);
  auto outcome = co_await std::move(walking);
  outcome.of = (*plan)->of;
  outcome.others_wait = (*plan)->others_wait;
  outcome.asked = std::move((*plan)->members);
  co_return outcome;
}

asio::awaitable<cycle_outcome> poll_loop::read_and_publish(group_plan& plan) {
  auto answer = co_await read_window(plan);
  if (!answer) {
    auto why = answer.error();
    auto outcome = co_await after_failed_read(group_, state_, by_, write_, plan, std::move(why));
    co_return outcome;
  }
  auto planned = co_await select(plan, *answer);
  if (!planned) co_return ended_without(planned.error());
  auto delivered = co_await publish(plan, *answer, std::move(planned->steps));
  auto compared = std::move(planned->compared);
  auto outcome = delivered ? finish(plan, std::move(*planned)) : ended_without(delivered.error());
  outcome.compared = std::move(compared);
  co_return outcome;
}

asio::awaitable<result<window_answer>> poll_loop::read_window(group_plan& plan) {
  hand_.window = {plan.window.start, plan.window.end.value_or(plan.planned)};
  by_.work.begins(who_, {hand_});
  const auto unusable = plan.had_trouble ? unusable_answer::kept_as_sample : unusable_answer::dropped;
  wanted_window wanted{plan.metrics, plan.window, plan.purpose, unusable, plan.is_read_once};
  auto read = co_await read_.read(group_, std::move(wanted));
  plan.context.now = group_.now(by_.clock.now());  // an answer may have corrected it
  if (!read.answer) co_return read.answer.error();
  plan.asked = read.answer->asked;
  plan.doubted = read.answer->doubted;
  state_.answer_bytes = read.answer->bytes;
  state_.requests = read.requests;
  co_return std::move(read.answer);
}

// What of the answer is new, or has changed.
asio::awaitable<result<planned_steps>> poll_loop::select(const group_plan& plan, const window_answer& answer) {
  fault_point("poll-loop.decoded");
  const auto room = check_series_room(group_, state_.ledgers, plan.members, answer.answer);
  if (!room) co_return room.error();
  auto planned = co_await plan_steps(group_, state_, plan, answer.answer, write_.loop);
  co_return std::move(planned);
}

asio::awaitable<result<void>> poll_loop::publish(const group_plan& plan, const window_answer& answer,
                                                 std::vector<member_step> steps) {
  if (steps.empty()) co_return result<void>();
  fault_point("poll-loop.planned");
  const work_in_hand hand{hand_.of, plan.asked};
  auto delivered = co_await commit_in_chunks(group_, state_, write_, answer.answer, hand, std::move(steps));
  if (!delivered && delivered.error().code == errc::kafka_refused) {
    set_apart(group_, state_, write_, delivered.error());
  }
  co_return delivered;
}

// The window was answered, and what came of it is committed.
cycle_outcome poll_loop::finish(const group_plan& plan, planned_steps done) {
  const auto taken = done.moves ? what_was_taken::something : what_was_taken::nothing;
  const auto more = conclude(group_, state_, plan, done.not_whole, taken);
  by_.work.succeeded(hand_);
  if (!done.published.empty()) {
    return {plan.reaches_edge ? cycle_end::published : cycle_end::more, {}, std::move(done.published)};
  }
  if (!more) return ended_without(more.error());
  return {*more ? cycle_end::more : cycle_end::nothing_yet};
}

asio::awaitable<cycle_outcome> poll_loop::run_once() {
  cycle_outcome outcome{cycle_end::more};
  auto whose = turn::live;
  while (outcome.end == cycle_end::more && !by_.tap.is_set()) {
    auto ended = co_await cycle(whose);
    outcome = std::move(ended);
    report(outcome);
    // Those of the other turn have not been asked for yet.
    const bool is_well = outcome.end == cycle_end::published || outcome.end == cycle_end::nothing_yet;
    if (whose == turn::live && outcome.others_wait && is_well) outcome.end = cycle_end::more;
    if (outcome.shrinks && outcome.why.code == errc::too_large) outcome.end = cycle_end::more;
    whose = turn::behind;
  }
  co_return outcome;
}

void poll_loop::report(const cycle_outcome& outcome) {
  release_heap(std::exchange(state_.answer_bytes, 0));
  by_.report.cycle_ended(group_, state_, outcome);
}

asio::awaitable<void> poll_loop::run() {
  poll_schedule schedule(group_, by_, read_);
  while (!by_.tap.is_set()) {
    const auto begun = co_await schedule.next_turn(next_rehearsal(group_, write_.committer));
    if (by_.tap.is_set()) break;
    if (!begun) {
      const bool back = co_await rehearse(group_, state_, write_);
      if (back) schedule.at_once();
      continue;
    }
    auto outcome = co_await cycle(begun->whose, begun->other);
    const auto next = schedule.ended(*begun, outcome, state_);
    report(outcome);
    if (outcome.end == cycle_end::fenced) {
      by_.tap.set();
      break;
    }
    by_.report.paced(group_, next.at_edge, next.credits, next.at);
    by_.report.apart(group_, write_.committer.apart());
  }
}

}  // namespace oes
