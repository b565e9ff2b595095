#include "commands/backfill_alone.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <map>

#include "app/backfill_report.hpp"
#include "app/edit_plan.hpp"
#include "app/fresh_permit.hpp"
#include "app/last_write.hpp"
#include "app/learn_limits.hpp"
#include "app/term_steps.hpp"
#include "async/race.hpp"
#include "async/run_loop.hpp"
#include "async/task_group.hpp"
#include "facilities/facility_batches.hpp"
#include "files/lock_file.hpp"
#include "operate/control_client.hpp"
#include "progress/progress_file.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;

constexpr auto stop_deadline = std::chrono::seconds(8);
constexpr auto goes_on = "; the same command goes on where it stopped";

struct lone_backfill {
  parts all;
  found_progress file;
  job asked;
};

exit_code fail(const error& why) {
  std::cerr << why.context << '\n';
  return exit_code_for(why.code);
}

asio::awaitable<void> watch_signals(parts& all, event& finished) {
  asio::signal_set signals(all.loop, SIGTERM, SIGINT);
  auto arrives = signals.async_wait(asio::as_tuple(asio::use_awaitable));
  auto over = finished.wait();
  auto racing = race(std::move(arrives), std::move(over));
  auto first = co_await std::move(racing);
  if (first.index() == 1) co_return;
  all.stop.set();
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
asio::awaitable<result<std::map<member_key, member_progress>>> look(lone_backfill& b, term_context& context) {
  auto looking = look_at_topics(b.all, home_of(b.file));
  auto topics = co_await std::move(looking);
  if (!topics) co_return topics.error();
  auto file = b.file;
  auto found = co_await find_both_sides(b.all, std::move(file), std::move(topics->cluster_id));
  if (!found) co_return found.error();
  found->sides.fresh_allowed = context.fresh_allowed;
  const auto decision = reconcile(found->sides);
  if (!decision) co_return decision.error();
  context.density = density_of(found->ledger);
  auto members = decision->start_from.state.members;
  members.merge(
      configured_members(b.all.groups, b.all.clock.now(), context.budget.credits.certain_history(context.limits)));
  co_return members;
}

// By which facility series are asked for, and counted before that.
asio::awaitable<result<void>> learn_facilities(lone_backfill& b, rationing& budget) {
  const auto& groups = b.all.groups;
  const bool wanted = std::any_of(groups.begin(), groups.end(), [&](const request_group& group) {
    return asked_in_batches(group.identity) && group.members.front().stream() == b.asked.stream;
  });
  if (!wanted) co_return result<void>();
  const auto credit = budget.spend(spend_on::catch_up, b.all.clock.look());
  if (!credit.leave_in) co_return error{credit.code, credit.why};
  auto list = co_await b.all.from->fetch_facilities();
  if (!list) co_return list.error();
  budget.answered(b.all.clock.look());
  b.all.facilities.learn(std::move(*list), b.all.clock.run());
  co_return result<void>();
}

asio::awaitable<exit_code> lead_and_do(lone_backfill& b, term_context& context,
                                       const std::shared_ptr<operator_request>& mine,
                                       const std::function<void(const job_progress&)>& news,
                                       const std::function<void()>& news_end) {
  task_group listener(b.all.loop.get_executor(), b.all.on_failure);
  listener.start("news of the backfill", listen(*mine->wire, news));
  auto ended = co_await run_term(context);
  co_await b.all.to->resign();
  mine->wire->finish();
  co_await listener.join();
  news_end();
  if (!ended && ended.error().code != errc::stopped) co_return fail(ended.error());
  if (b.all.stop.is_set()) {
    std::cerr << "stopped" << goes_on << '\n';
    co_return exit_failure;
  }
  const auto& answer = mine->answer;
  (answer.exit == exit_ok ? std::cout : std::cerr) << answer.text << '\n';
  co_return static_cast<exit_code>(answer.exit);
}

asio::awaitable<void> backfill(lone_backfill& b, const confirmation& confirm,
                               const std::function<void(const job_progress&)>& news,
                               const std::function<void()>& news_end, exit_code& code) {
  auto& all = b.all;
  request_queue requests(all.loop.get_executor());
  auto budget = make_rationing(all);
  const auto limits = co_await learn_limits(all, budget);
  term_context context{all, requests, b.file, limits, budget, run_mode::backfill};
  context.asked_as = running_account(all);
  context.fresh_allowed = has_fresh_permit(all.config.progress_path);
  auto members = co_await look(b, context);
  const auto known = co_await learn_facilities(b, budget);
  if (!members || !known) {
    code = fail(members ? known.error() : members.error());
    co_return;
  }
  code = confirm(estimate_backfill(context, *members, b.asked));
  if (code != exit_ok) co_return;
  // Not before: until here nothing is changed, and a signal may just end the process, also at the question.
  event finished(all.loop.get_executor());
  task_group signals(all.loop.get_executor(), all.on_failure);
  signals.start("signals", watch_signals(all, finished));
  const auto mine = requests.begin_beside(b.asked, std::make_shared<job_wire>(all.loop.get_executor()));
  const auto heard = [&](const job_progress& one) { news(one); };
  auto done = co_await lead_and_do(b, context, mine, heard, news_end);
  code = done;
  finished.set();
  co_await signals.join();
}

}  // namespace

exit_code backfill_alone(configuration config, job asked, const confirmation& confirm,
                         const std::function<void(const job_progress&)>& news, const std::function<void()>& news_end) {
  auto lock = lock_file::acquire(config.progress_path);
  if (!lock) return fail(lock.error());
  remove_dead_socket(config.progress_path);
  auto file = read_progress_file(config.progress_path);
  if (!file) return fail(file.error());
  lone_backfill b{parts(for_a_command(std::move(config))), std::move(*file), std::move(asked)};
  exit_code code = exit_failure;
  run_to_end(b.all.loop, "the backfill", backfill(b, confirm, news, news_end, code));
  if (!finish_files(b.all)) leave_now(b.all, code);
  b.all.blocking.join();
  return code;
}

}  // namespace oes
