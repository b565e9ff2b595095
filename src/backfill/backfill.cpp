#include "backfill/backfill.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "backfill/backfill_run.hpp"
#include "backfill/backfill_steps.hpp"
#include "backfill/refresh.hpp"
#include "model/fault_point.hpp"
#include "reader/release_heap.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;

constexpr auto look_up = std::chrono::seconds(1);
constexpr int http_internal_error = 500;
// `/me` is asked by others (app/learn_limits.hpp); what it tells ends the wait.
constexpr auto look_for_plan = std::chrono::seconds(30);

error stopped() { return {errc::stopped, "stopped"}; }

result<backfill_plan> plan_now(const backfill_run& run) {
  const auto& by = run.context.by;
  return plan_backfill({run.order, run.context.groups, run.context.write.committer.state().members, by.limits,
                        by.budget.credits.plan_is_certain(), by.clock.now(), run.trouble.smaller, run.given_up,
                        run.context.facilities, run.ends, by.budget.credits.certain_per_day()});
}

std::map<member_key, network_time> ends_of(const std::map<member_key, member_progress>& members) {
  std::map<member_key, network_time> out;
  for (const auto& [key, member] : members) out.emplace(key, followed_from(member));
  return out;
}

// Real time: a clock that runs fast must not make whoever listens wait.
asio::awaitable<result<void>> pause(backfill_run& run, std::chrono::microseconds how_long, std::string why) {
  const auto& by = run.context.by;
  run.news.waits_for = std::move(why);
  run.news.until = by.clock.now() + how_long;
  tell(run);
  const auto until = by.clock.run() + how_long;
  while (by.clock.run() < until) {
    const auto left = by.clock.real(until - by.clock.run());
    const auto woke = co_await run.context.read.wait(std::min<steady_span>(left, look_up));
    if (woke == woken::stopped || !run.context.goes_on()) co_return stopped();
    if (woke == woken::eased) break;
  }
  run.news.waits_for.clear();
  run.news.until.reset();
  co_return result<void>();
}

asio::awaitable<result<void>> pass_over(backfill_run& run, const backfill_chunk& chunk, std::string_view reason) {
  const auto& by = run.context.by;
  submission work;
  work.changes =
      nothing_there(chunk.group, chunk.work, chunk.window, run.order.mode, std::string(reason), by.clock.now());
  for (const auto& [key, patch] : work.changes) {
    for (const auto& hole : patch.gaps) run.given_up[key].add(hole.range);
  }
  auto committed = co_await run.context.write.committer.commit(std::move(work));
  co_return committed;
}

asio::awaitable<result<void>> publish_steps(backfill_run& run, const backfill_chunk& chunk,
                                            const time_series_answer& answer) {
  const auto& by = run.context.by;
  const auto known = run.past.holds(chunk) ? run.past.known(chunk) : nothing_published(chunk);
  auto planning = backfill_steps(chunk.group, chunk.work, chunk.window, run.order.mode, answer, known,
                                 edge_of(chunk, by), run.context.write.loop);
  auto steps = co_await std::move(planning);
  if (steps.empty()) co_return result<void>();
  fault_point("backfill.planned");
  auto records = co_await publish_chunk(chunk, answer, std::move(steps), by, run.context.write);
  if (!records) co_return records.error();
  run.news.records += *records;
  co_return result<void>();
}

// What a refresh asks for again is left out of it; all else of the answer counts.
asio::awaitable<result<void>> deliver_chunk(backfill_run& run, const backfill_chunk& chunk,
                                            const time_series_answer& answer) {
  const auto left_out = left_out_of(run, chunk, &answer);
  const bool again = asks_again(run, chunk, left_out);
  if (answer.blocks.empty() && !again) {
    auto passed = co_await pass_over(run, chunk, "no_data");
    co_return passed;
  }
  backfill_chunk there = chunk;
  if (again) {
    for (const auto i : left_out) there.work.wanted[i] = {};
  }
  if (!answer.blocks.empty()) {
    auto published = co_await publish_steps(run, there, answer);
    if (!published) co_return published;
  }
  if (again) co_return left_out_error(chunk, left_out);
  co_return result<void>();
}

// A gap that a fill asks for again may have records: points without a value were published, and then it was read again
// as unusable.
bool asks_for_gaps(const backfill_run& run, const backfill_chunk& chunk) {
  const auto& members = run.context.write.committer.state().members;
  for (std::size_t i = 0; i < chunk.work.members.size(); ++i) {
    const auto& labels = members.at(chunk.group.members[chunk.work.members[i]].key).labels;
    const auto wanted = wanted_in(chunk.work.wanted[i], chunk.window);
    const auto& ranges = wanted.ranges();
    if (std::any_of(ranges.begin(), ranges.end(), [&](time_range range) { return !labels.gaps(range).empty(); }))
      return true;
  }
  return false;
}

// What is compared with what was published ends where no more of that fits into memory.
asio::awaitable<result<void>> recall_if_needed(backfill_run& run, backfill_chunk& chunk) {
  const bool is_refresh = run.order.mode == backfill_mode::refresh;
  const bool fills_gaps = run.order.mode == backfill_mode::fill && asks_for_gaps(run, chunk);
  if (!is_refresh && !fills_gaps) co_return result<void>();
  auto recalling = is_refresh ? recall_whole(run, chunk) : recall(run, chunk);
  auto recalled = co_await std::move(recalling);
  if (!recalled || run.past.holds(chunk)) co_return recalled;
  chunk.window.end = run.past.until();
  auto fitted = co_await fit_window(chunk, run.context.by, run.context.read, run.trouble.smaller);
  co_return fitted;
}

// One chunk, read and committed. Live polls come first: where the day leaves no credit for a backfill the error says
// when to ask again.
asio::awaitable<result<void>> run_chunk(backfill_run& run, backfill_chunk& chunk) {
  const auto& by = run.context.by;
  auto recalled = co_await recall_if_needed(run, chunk);
  if (!recalled) co_return recalled;
  run.news.chunk = chunk.window;
  tell(run);
  const auto unusable = run.trouble.times > 0 ? unusable_answer::kept_as_sample : unusable_answer::dropped;
  auto read = co_await read_chunk(chunk, spend_on::leftover, unusable, by, run.context.read);
  const auto& answer = read.answer;
  run.news.requests += read.requests;
  if (!answer && answer.error().code == errc::not_yet) {
    const auto left_out = left_out_of(run, chunk, nullptr);
    if (asks_again(run, chunk, left_out)) co_return left_out_error(chunk, left_out);
  }
  if (!answer) co_return answer.error();
  auto delivered = co_await deliver_chunk(run, chunk, answer->answer);
  release_heap(answer->bytes);
  co_return delivered;
}

// Each further try would cost a credit; and what a refresh compares with was read before a part of it was published.
bool ends_it(errc code) {
  static constexpr std::array all{errc::stopped,           errc::fenced,  errc::refused,       errc::rejected,
                                  errc::unexpected_labels, errc::bad_key, errc::kafka_refused, errc::not_committed};
  return std::find(all.begin(), all.end(), code) != all.end();
}

// No error: the failure is dealt with, go on planning.
asio::awaitable<result<void>> after_failure(backfill_run& run, const backfill_chunk& chunk, error why) {
  const auto& by = run.context.by;
  if (ends_it(why.code)) co_return why;
  if (why.code == errc::not_yet) {
    auto passed = co_await pass_over(run, chunk, "no_data");
    co_return passed;
  }
  if (shrinks_window(why)) {
    const bool at_once = why.code == errc::timed_out || why.http_status == http_internal_error;
    const time_window window{chunk.window.begin, chunk.asked_until};
    const auto then =
        count_trouble(run.trouble, window, chunk.group.identity.interval,
                      to_network_time(by.clock.now(), chunk.group.identity.net), at_once ? 1 : patience_with_a_window);
    if (then == after_trouble::give_up && (why.code == errc::malformed || why.code == errc::too_large)) {
      auto passed = co_await pass_over(run, chunk, name(why.code));
      co_return passed;
    }
  }
  by.report.log().warn("a backfill waits",
                       {{"stream", run.order.stream}, {"outcome", name(why.code)}, {"reason", why.context}});
  std::string context = why.context;
  const auto how_long = next_pause({cycle_end::failed, std::move(why), {}}, run.wake, {}, by.schedule, by.uniform());
  auto waited = co_await pause(run, how_long, std::move(context));
  co_return waited;
}

// The order's next chunk, to its end.
asio::awaitable<result<void>> do_chunk(backfill_run& run, const backfill_plan& plan) {
  const auto& work = plan.groups.front();
  backfill_chunk chunk{run.context.groups[work.group], work, work.windows.front()};
  for (const auto member : work.members) {
    auto held = run.context.write.not_admitted(chunk.group.members[member].options.topic);
    if (held) co_return std::move(*held);
  }
  auto done = co_await fit_window(chunk, run.context.by, run.context.read, run.trouble.smaller);
  if (done) {
    auto ran = co_await run_chunk(run, chunk);
    done = ran;
  }
  if (!done) {
    error why = done.error();
    const bool empty = why.code == errc::not_yet;
    auto settled = co_await after_failure(run, chunk, std::move(why));
    if (empty && settled) ++run.news.done;
    co_return settled;
  }
  ++run.news.done;
  run.wake.retry.reset();
  std::chrono::seconds largest = run.context.by.limits.max_window(chunk.group.identity.interval);
  grow_again(run.trouble, largest);
  co_return done;
}

}  // namespace

asio::awaitable<result<backfill_news>> run_backfill(backfill_order order, operator_reason why,
                                                    backfill_context& context) {
  backfill_run run{std::move(order),
                   std::move(why),
                   context,
                   retry_state(context.by.schedule, 0),
                   {},
                   {},
                   {},
                   {},
                   ends_of(context.write.committer.state().members)};
  while (true) {
    if (context.by.tap.is_set() || !context.goes_on()) co_return stopped();
    auto plan = plan_now(run);
    if (!plan) co_return plan.error();
    run.news.left = plan->chunks();
    run.news.out_of_reach = plan->out_of_reach;
    if (plan->waits_for_plan) {
      auto pausing = pause(run, look_for_plan, "the plan of the API key is not known yet");
      auto paused = co_await std::move(pausing);
      if (!paused) co_return paused.error();
      continue;
    }
    if (!plan->unmarked.empty()) {
      auto begun = co_await begin_refresh(run, *plan);
      if (!begun) co_return begun.error();
      continue;
    }
    if (plan->groups.empty()) {
      if (run.order.mode == backfill_mode::fill) co_return run.news;
      auto ended = co_await end_refresh(run, *plan);
      if (!ended) co_return ended.error();
      co_return run.news;
    }
    auto done = co_await do_chunk(run, *plan);
    if (!done) co_return done.error();
  }
}

}  // namespace oes
