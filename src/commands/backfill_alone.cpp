#include "commands/backfill_alone.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>
#include <cstdlib>
#include <iostream>

#include "app/backfill_report.hpp"
#include "app/edit_plan.hpp"
#include "app/term_reader.hpp"
#include "async/in_own_name.hpp"
#include "async/race.hpp"
#include "async/task_group.hpp"
#include "commands/alone.hpp"
#include "facilities/facility_batches.hpp"
#include "progress/reconcile.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;

constexpr auto stop_deadline = std::chrono::seconds(8);
constexpr auto goes_on = "; the same command goes on where it stopped";

asio::awaitable<void> watch_signals(asio::io_context& loop, event& stop, event& finished) {
  asio::signal_set signals(loop, SIGTERM, SIGINT);
  auto arrives = signals.async_wait(asio::as_tuple(asio::use_awaitable));
  auto over = finished.wait();
  auto racing = race(std::move(arrives), std::move(over));
  auto first = co_await std::move(racing);
  if (first.index() == 1) co_return;
  stop.set();
  auto again = signals.async_wait(asio::as_tuple(asio::use_awaitable));
  auto ends = finished.wait_for(stop_deadline);
  auto ending = race(std::move(again), std::move(ends));
  auto second = co_await std::move(ending);
  static_cast<void>(second);
  if (!finished.is_set()) std::_Exit(exit_failure);  // the next start settles what is open
}

asio::awaitable<void> listen(job_wire& wire, const std::function<void(const job_progress&)>& news) {
  while (true) {
    auto next = co_await wire.next(std::chrono::seconds(10));
    if (!next) co_return;
    news(*next);
  }
}

// Members as the backfill would find them, without leading.
asio::awaitable<result<member_map>> look(term_context& context) {
  auto found = co_await look_alone(context, home_of(context.known));
  if (!found) co_return found.error();
  found->sides.fresh_allowed = context.fresh_allowed;
  const auto decision = reconcile(found->sides);
  if (!decision) co_return decision.error();
  context.density = density_of(found->ledger);
  auto members = decision->start_from.state.members;
  const auto history = context.budget.credits.certain_history(context.limits);
  members.merge(configured_members(context.all.groups, context.all.clock.now(), history));
  co_return members;
}

// By which facility series are asked for, and counted before that.
asio::awaitable<result<void>> learn_facilities(term_context& context, const std::string& stream) {
  auto& all = context.all;
  const bool wanted = std::any_of(all.groups.begin(), all.groups.end(), [&](const request_group& group) {
    return asked_in_batches(group.identity) && group.members.front().stream() == stream;
  });
  if (!wanted) co_return result<void>();
  event tap(all.loop.get_executor());
  auto read = make_reader(context, tap, nullptr);
  auto list = co_await read.read_facilities();
  if (!list) co_return list.error();
  all.facilities.learn(std::move(*list), all.clock.run());
  co_return result<void>();
}

asio::awaitable<result<job_answer>> run_with_news(term_context& context, operator_request& mine, const news_of& told) {
  task_group listener(context.all.loop.get_executor(), context.all.on_failure);
  listener.start("news of the backfill", listen(*mine.wire, told.each));
  auto running =
      in_own_name(context.all.loop.get_executor(), context.all.on_failure, "leadership", run_term_for(context, mine));
  auto answer = co_await std::move(running);
  mine.wire->finish();
  co_await listener.join();
  told.end();
  co_return answer;
}

exit_code tell_end(const result<job_answer>& answer, bool stopped) {
  if (!answer && answer.error().code != errc::stopped) return fail(answer.error());
  if (!stopped) return answer ? tell(*answer) : fail(answer.error());
  std::cerr << "stopped" << goes_on << '\n';
  return exit_failure;
}

asio::awaitable<exit_code> backfill(term_context& context, const job& asked, const confirmation& confirm,
                                    const news_of& told) {
  auto& all = context.all;
  auto members = co_await look(context);
  if (!members) co_return fail(members.error());
  const auto known = co_await learn_facilities(context, asked.stream);
  if (!known) co_return fail(known.error());
  const auto agreed = confirm(estimate_backfill(outlook_of(context), *members, asked));
  if (agreed != exit_ok) co_return agreed;
  // Not before: until here nothing is changed, and a signal may just end the process, also at the question.
  event finished(all.loop.get_executor());
  task_group signals(all.loop.get_executor(), all.on_failure);
  signals.start("signals", watch_signals(all.loop, all.state.stop, finished));
  const auto mine = context.requests.begin_background(asked, std::make_shared<job_wire>(all.loop.get_executor()));
  const auto answer = co_await run_with_news(context, *mine, told);
  const auto code = tell_end(answer, all.state.stop.is_set());
  finished.set();
  co_await signals.join();
  co_return code;
}

}  // namespace

exit_code backfill_alone(configuration config, job asked, const confirmation& confirm, const news_of& told) {
  return run_alone(std::move(config), run_mode::backfill,
                   [&](term_context& context) { return backfill(context, asked, confirm, told); });
}

}  // namespace oes
