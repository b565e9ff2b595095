#include "app/learn_limits.hpp"


#include "async/race.hpp"
#include "progress/credit_file.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;

constexpr auto ask_every = std::chrono::hours(6);

// nullopt: not asked, or no answer.
asio::awaitable<std::optional<account>> ask_account(parts& all, rationing& budget, event& until) {
  if (all.config.fetch.api_key.empty()) co_return std::nullopt;
  const auto credit = budget.spend(spend_on::catch_up, all.clock.now());
  if (!credit.leave) co_return std::nullopt;
  auto asking = all.from->fetch_account();
  auto stopping = until.wait();
  auto racing = race(std::move(asking), std::move(stopping));
  auto first = co_await std::move(racing);
  if (first.index() == 1 || !std::get<0>(first)) co_return std::nullopt;
  budget.credits.see_account(*std::get<0>(first), all.clock.now());
  co_return *std::get<0>(first);
}

}  // namespace

rationing make_rationing(const configuration& config, const time_source& clock, logger& log) {
  const auto& folder = config.progress_path;
  const auto& key = config.fetch.api_key;
  auto remember = [&log, &folder, &key](const credit_use& use) {
    const auto written = write_credit_file(folder, key, use);
    if (!written) log.warn("budget.json could not be written; going on", {{"reason", written.error().context}});
  };
  rationing budget(config.budget, limits_of(config.budget.plan), config.schedule.limit, remember);
  if (const auto known = read_credit_file(folder, key)) budget.credits.restore(*known, clock.now());
  return budget;
}

asio::awaitable<plan_limits> learn_limits(parts& all, rationing& budget) {
  auto plan = all.config.budget.plan;
  if (plan == "auto") {
    const auto known = co_await ask_account(all, budget, all.stop);
    plan = known ? known->plan : "";
    if (plan.empty()) all.log.warn("the plan of the API key is not known; keeping to COMMUNITY limits");
  }
  const auto limits = limits_of(plan);
  budget.credits.adopt(limits);
  all.board.plan = std::string(limits.plan);
  co_return limits;
}

asio::awaitable<void> watch_account(term_context& context, event& tap) {
  auto& all = context.all;
  while (context.budget.credits.per_day()) {
    const bool closed = co_await tap.wait_for(all.clock.real(ask_every));
    if (closed) break;
    const auto known = co_await ask_account(all, context.budget, tap);
    static_cast<void>(known);
  }
}

}  // namespace oes
