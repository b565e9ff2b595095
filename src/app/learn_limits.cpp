#include "app/learn_limits.hpp"

#include <algorithm>
#include <memory>
#include <random>

#include "async/race.hpp"
#include "model/correction_watch.hpp"
#include "progress/credit_file.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;

constexpr auto ask_every = std::chrono::hours(6);
// With nothing left, a better plan would end the wait.
constexpr auto ask_when_spent = std::chrono::hours(1);
// A rotated key is noticed within this.
constexpr auto look_again = std::chrono::minutes(1);
// Real time: a start does not wait for an API that does not answer.
constexpr auto patience_at_start = std::chrono::seconds(15);
// So long a request waits for the disk to take what is counted.
constexpr auto credit_file_patience = std::chrono::milliseconds(500);
constexpr backoff_settings until_told{std::chrono::seconds(30), std::chrono::hours(6)};

double random_number(parts& all) { return std::uniform_real_distribution<double>(0.0, 1.0)(all.random); }

bool plan_is_asked_for(const parts& all) { return all.config.budget.plan == "auto"; }

// An unlimited plan that is configured has nothing to learn.
bool matters(const parts& all, const rationing& budget) {
  return !all.key.empty() && (plan_is_asked_for(all) || budget.credits.per_day());
}

asio::awaitable<result<account>> fetch_account(parts& all, event& until, std::chrono::steady_clock::duration patience) {
  auto asking = all.from->fetch_account();
  auto stopping = until.wait_for(patience);
  auto racing = race(std::move(asking), std::move(stopping));
  auto first = co_await std::move(racing);
  if (first.index() == 0) co_return std::move(std::get<0>(first));
  if (until.is_set()) co_return error{errc::stopped, "stopped"};
  co_return error{errc::timed_out, "/me does not answer"};
}

// The same rules as for every other request, but that a spent share does not keep it back.
asio::awaitable<result<account>> ask_account(parts& all, rationing& budget, event& until,
                                             std::chrono::steady_clock::duration patience) {
  const auto credit = budget.spend(spend_on::account, all.clock.look());
  if (!credit.leave_in) {
    co_return error{credit.code, credit.why, std::chrono::ceil<std::chrono::seconds>(credit.again_in), 0};
  }
  co_await until.wait_for(all.clock.real(*credit.leave_in));
  const auto began = steady_now();
  auto told = co_await fetch_account(all, until, patience);
  const error why_not = told ? error{} : told.error();
  if (why_not.code != errc::stopped) all.report.requested("me", told ? nullptr : &why_not, steady_now() - began, 0);
  if (told) {
    budget.answered(all.clock.look());
  } else {
    error why = told.error();
    budget.failed(why, spend_on::account, all.clock.look(), random_number(all));
    told = std::move(why);
  }
  all.report.api_heard(budget.api);
  co_return told;
}

// What earlier daemons were told of a key; without one there is nobody to ask, and the API grants what it grants
// anybody.
std::string remembered_plan(const std::string& key, const std::optional<credit_use>& known) {
  if (key.empty()) return "COMMUNITY";
  return known ? known->plan : "";
}

plan_limits adopt(parts& all, rationing& budget, const std::string& plan) {
  const auto limits = limits_of(plan);
  budget.credits.adopt(limits);
  all.board.plan = std::string(limits.plan);
  return limits;
}

// What `/me` says, whenever it comes; the limits in force from now on.
plan_limits hear_account(parts& all, rationing& budget, const account& told, const plan_limits& now) {
  if (!told.doubtful.empty()) all.log.warn("/me: not understood and ignored: " + told.doubtful);
  std::optional<plan_limits> plan;
  if (plan_is_asked_for(all) && !told.plan.empty()) {
    const bool news = told.plan != budget.credits.known_plan();
    plan = limits_of(told.plan);
    all.board.plan = std::string(plan->plan);
    if (news) all.log.info("the plan of the API key", {{"plan", plan->plan}, {"told", told.plan}});
  }
  budget.hear(told, plan, all.clock.now());
  all.report.account_told(told);
  all.report.credits(budget.outlook(all.clock.now()));
  return plan.value_or(now);
}

}  // namespace

api_account running_account(const parts& all) { return {all.key.text(), all.config.fetch.base_url}; }

rationing make_rationing(parts& all) {
  const auto& folder = all.config.progress_path;
  // Written before the request leaves, where the disk takes it within a moment.
  auto remember = [&all](const credit_use& use) {
    auto work = [folder = all.config.progress_path, whose = running_account(all), use] {
      return write_credit_file(folder, whose, use);
    };
    const auto written = all.files.credits.write_and_block(std::move(work), credit_file_patience);
    const error why = written ? error{} : written.error();
    all.report.lesser("budget.json", written ? nullptr : &why);
  };
  const auto known = read_credit_file(folder, running_account(all));
  const auto plan = remembered_plan(all.key.text(), known);
  const bool by_memory = plan_is_asked_for(all) && !plan.empty();
  const auto limits = limits_of(by_memory ? plan : all.config.budget.plan);
  rationing budget(all.config.budget, limits, breaker_settings_of(all.config.schedule), remember);
  if (known) budget.credits.restore(*known, all.clock.now());
  if (by_memory) budget.credits.know_plan(plan);
  return budget;
}

asio::awaitable<plan_limits> learn_limits(parts& all, rationing& budget) {
  const auto& known = budget.credits.known_plan();
  auto limits = adopt(all, budget, plan_is_asked_for(all) ? known : all.config.budget.plan);
  if (matters(all, budget)) {
    auto told = co_await ask_account(all, budget, all.stop, patience_at_start);
    if (told) co_return hear_account(all, budget, *told, limits);
  }
  if (plan_is_asked_for(all) && !all.key.empty()) {
    all.log.warn(known.empty() ? "the plan of the API key is not known yet; keeping to COMMUNITY limits"
                               : "the plan of the API key was not told; going by what it was",
                 {{"plan", limits.plan}});
  }
  co_return limits;
}

void try_api_again(parts& all, rationing& budget) {
  budget.api.reset();
  all.report.api_heard(budget.api);
}

void begin_with_other_account(term_context& context) {
  auto& all = context.all;
  auto& credits = context.budget.credits;
  const auto now = all.clock.now();
  context.budget.forget_key(now);
  context.asked_as = running_account(all);
  const auto known = read_credit_file(all.config.progress_path, context.asked_as);
  if (known) credits.restore(*known, now);
  const auto plan = remembered_plan(all.key.text(), known);
  if (!plan.empty()) credits.know_plan(plan);
}

bool is_other_account(const term_context& context, const configuration& wanted) {
  return context.asked_as != api_account{wanted.fetch.api_key, wanted.fetch.base_url};
}

std::optional<std::chrono::days> history_under(const term_context& context, const configuration& wanted) {
  if (wanted.budget.plan != "auto") return limits_of(wanted.budget.plan).history;
  auto plan = context.budget.credits.known_plan();
  if (is_other_account(context, wanted)) {
    const api_account whose{wanted.fetch.api_key, wanted.fetch.base_url};
    plan = remembered_plan(whose.key, read_credit_file(context.all.config.progress_path, whose));
  }
  return plan.empty() ? std::nullopt : limits_of(plan).history;
}

void configure_budget(parts& all, rationing& budget, plan_limits& limits) {
  budget.credits.configure(all.config.budget, all.clock.now());
  budget.api.configure(breaker_settings_of(all.config.schedule));
  const auto& known = budget.credits.known_plan();
  limits = adopt(all, budget, plan_is_asked_for(all) ? known : all.config.budget.plan);
  all.report.credits(budget.outlook(all.clock.now()));
}

asio::awaitable<void> watch_account(term_context& context, event& tap) {
  auto& all = context.all;
  auto& budget = context.budget;
  backoff retry(until_told);
  std::chrono::microseconds pause = ask_every;
  if (!budget.credits.heard_of_account()) pause = retry.next(random_number(all));
  auto due = all.clock.run() + pause;
  while (matters(all, budget)) {
    const auto look_in = std::min<std::chrono::microseconds>(due - all.clock.run(), look_again);
    const bool closed = co_await tap.wait_for(all.clock.real(look_in));
    if (closed) break;
    const bool other_key = context.asked_as != running_account(all);
    if (!other_key && all.clock.run() < due) continue;
    if (other_key) budget.forget_key(all.clock.now());
    context.asked_as = running_account(all);
    auto told = co_await ask_account(all, budget, tap, all.config.fetch.total_timeout);
    if (told) context.limits = hear_account(all, budget, *told, context.limits);
    if (told && budget.credits.heard_of_account()) {
      retry.reset();
      pause = budget.outlook(all.clock.now()).spent ? ask_when_spent : ask_every;
    } else {
      const auto asked_for = told ? std::nullopt : told.error().retry_after;
      pause = std::max<std::chrono::microseconds>(retry.next(random_number(all)),
                                                  asked_for.value_or(std::chrono::seconds(0)));
    }
    due = all.clock.run() + pause;
  }
}

asio::awaitable<void> watch_api(term_context& context, event& tap) {
  auto& all = context.all;
  correction_watch time;
  time.corrected(all.clock.look());
  while (true) {
    const bool closed = co_await tap.wait_for(all.clock.real(look_again));
    if (closed) break;
    all.report.api_heard(context.budget.api);
    if (time.corrected(all.clock.look())) context.budget.time_was_corrected();
  }
}

}  // namespace oes
