#include "app/dry_run.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <ostream>

#include "app/parts.hpp"
#include "pipeline/delivery.hpp"
#include "pipeline/group_state.hpp"
#include "pipeline/open_group.hpp"
#include "pipeline/understand.hpp"
#include "progress/credit_file.hpp"
#include "schedule/rationing.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;

struct dry_parts {
  explicit dry_parts(const configuration& settings)
      : config(settings),
        log(settings.telemetry),
        clock(settings.test_clock ? time_source(*settings.test_clock) : time_source()),
        from(make_source(settings, loop.get_executor(), clock, log)),
        limits(limits_of(settings.budget.plan)),
        budget(settings.budget, limits, settings.schedule.limit),
        tap(loop.get_executor()) {
    // What a daemon has spent of the day counts; nothing is written down.
    const auto known = read_credit_file(settings.progress_path, settings.fetch.api_key);
    if (known) budget.credits.restore(*known, clock.now());
  }

  const configuration& config;
  asio::io_context loop{1};
  logger log;
  time_source clock;
  std::unique_ptr<source> from;
  plan_limits limits;
  rationing budget;
  event tap;
};

void print_answer(const request_group& group, const group_state& state, const group_plan& plan,
                  const time_series_answer& answer, const plan_context& context, std::ostream& out) {
  std::vector<record_plan> plans;
  for (auto& step : plan_steps(group, state, plan, answer, context)) plans.push_back(std::move(step.records));
  record_builder builder(answer, std::move(plans));
  version_counter versions(0);
  versions.see_clock(answer.received_at);
  while (!builder.done()) {
    const auto chunk = builder.next({}, versions);
    for (const auto& record : chunk.batch.records) out << chunk.batch.value(record) << '\n';
  }
}

asio::awaitable<bool> print_group(const request_group& group, dry_parts& all, std::ostream& out) {
  const auto now = network_now(group, all.clock.now());
  const plan_context context{now, all.limits, all.config.schedule.hole_after};
  const std::map<member_key, member_progress> nothing;
  const ledger_book no_ledger;
  const auto opened = open_group(group, {nothing, no_ledger, all.clock.now(), all.limits, std::nullopt});
  if (!opened) co_return false;  // cannot be: nothing is known that could differ
  const auto& state = *opened;
  const auto plan = plan_group(group, state, context, true);
  if (!plan) {
    all.log.info("nothing can be there yet", {{"stream", stream_names(group)}});
    co_return true;
  }
  const auto credit = all.budget.spend(spend_on::live, all.clock.now());
  if (!credit.leave) {
    all.log.error("the day's share of credits is spent", {{"stream", stream_names(group)}});
    co_return false;
  }
  co_await all.tap.wait_for(all.clock.real(*credit.leave - all.clock.now()));
  auto metrics = metrics_of(group, *plan);
  fetch_request request{group.identity, metrics, plan->window};
  auto fetched = co_await all.from->fetch(std::move(request));
  if (!fetched) {
    all.log.error("fetch failed", {{"stream", stream_names(group)}, {"reason", fetched.error().context}});
    co_return fetched.error().code == errc::not_yet;
  }
  const asio::any_io_executor loop = all.loop.get_executor();
  auto parsing = understand(std::move(*fetched), group, std::move(metrics), loop);
  auto answer = co_await std::move(parsing);
  if (!answer) {
    all.log.error("unusable answer", {{"stream", stream_names(group)}, {"reason", answer.error().context}});
    co_return false;
  }
  print_answer(group, state, *plan, *answer, context, out);
  co_return true;
}

asio::awaitable<void> print_all(dry_parts& all, std::ostream& out, bool& good) {
  for (const auto& group : make_groups(all.config.streams)) {
    const bool printed = co_await print_group(group, all, out);
    good = good && printed;
  }
}

}  // namespace

exit_code print_records(const configuration& config, std::ostream& out) {
  dry_parts all(config);
  bool good = true;
  std::exception_ptr failure;
  auto everything = print_all(all, out, good);
  asio::co_spawn(all.loop, std::move(everything), [&failure](const std::exception_ptr& thrown) { failure = thrown; });
  all.loop.run();
  if (failure) std::rethrow_exception(failure);
  out.flush();
  return good ? exit_ok : exit_failure;
}

}  // namespace oes
