#include "app/learn_limits.hpp"

#include <algorithm>
#include <memory>
#include <random>

#include "async/race.hpp"
#include "model/correction_watch.hpp"
#include "progress/credit_file.hpp"
#include "schedule/backoff.hpp"

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

double random_number(const account_access& by) { return std::uniform_real_distribution<double>(0.0, 1.0)(by.random); }

bool plan_is_asked_for(const configuration& config) { return config.budget.plan == "auto"; }

// An unlimited plan that is configured has nothing to learn.
bool matters(const account_access& by, const rationing& budget) {
  return !by.key.empty() && (plan_is_asked_for(by.config) || budget.credits.per_day());
}

asio::awaitable<result<account>> fetch_account(const account_access& by, event& until,
                                               std::chrono::steady_clock::duration patience) {
  auto asking = by.source->fetch_account();
  auto stopping = until.wait_for(patience);
  auto racing = race(std::move(asking), std::move(stopping));
  auto first = co_await std::move(racing);
  if (first.index() == 0) co_return std::move(std::get<0>(first));
  if (until.is_set()) co_return error{errc::stopped, "stopped"};
  const auto waited = std::chrono::ceil<std::chrono::seconds>(patience).count();
  co_return error{errc::timed_out,
                  "GET " + by.config.fetch.base_url + "/me: no answer within " + std::to_string(waited) + " s"};
}

// The same rules as for every other request, but that a spent share does not keep it back.
asio::awaitable<result<account>> ask_account(const account_access& by, rationing& budget, event& until,
                                             std::chrono::steady_clock::duration patience) {
  const auto credit = budget.spend(spend_on::account, by.clock.look());
  if (!credit.leave_in) {
    co_return error{credit.code, credit.why, std::chrono::ceil<std::chrono::seconds>(credit.again_in), 0};
  }
  co_await until.wait_for(by.clock.real(*credit.leave_in));
  const auto began = steady_now();
  const auto left = by.clock.look();
  auto told = co_await fetch_account(by, until, patience);
  const error why_not = told ? error{} : told.error();
  if (why_not.code != errc::stopped)
    by.telling.report.requested("me", told ? nullptr : &why_not, steady_now() - began, 0);
  if (told) {
    budget.account_answered(by.clock.look());
  } else {
    error why = told.error();
    // A silence began when it was asked, and not when nobody waited for it any longer.
    const bool is_silent = why.code == errc::timed_out && budget.api.outage() == nullptr;
    budget.failed(why, spend_on::account, is_silent ? left : by.clock.look(), random_number(by));
    told = std::move(why);
  }
  by.telling.report.api_heard(budget.api);
  co_return told;
}

// What earlier daemons were told of a key; without one there is nobody to ask, and the API grants what it grants
// anybody.
std::string remembered_plan(const std::string& key, const std::optional<credit_use>& known) {
  if (key.empty()) return "COMMUNITY";
  return known ? known->plan : "";
}

plan_limits adopt(const account_access& by, rationing& budget, const std::string& plan) {
  const auto limits = limits_of(plan);
  budget.credits.adopt(limits);
  by.telling.board.plan = std::string(limits.plan);
  return limits;
}

// What `/me` says, whenever it comes; the limits in force from now on.
plan_limits hear_account(const account_access& by, rationing& budget, const account& told, const plan_limits& now) {
  if (!told.doubtful.empty()) by.telling.log.warn("/me: not understood and ignored: " + told.doubtful);
  std::optional<plan_limits> plan;
  if (plan_is_asked_for(by.config) && !told.plan.empty()) {
    const bool news = told.plan != budget.credits.known_plan();
    plan = limits_of(told.plan);
    by.telling.board.plan = std::string(plan->plan);
    if (news) by.telling.log.info("the plan of the API key", {{"plan", plan->plan}, {"told", told.plan}});
  }
  budget.hear(told, plan, by.clock.now());
  by.telling.report.account_told(told);
  by.telling.report.credits(budget.outlook(by.clock.now()));
  return plan.value_or(now);
}

// What refuses the key for data is asked about within a minute, and then less and less often: where `/me` answers, the
// key is good. Its refusal tells nothing: that may be the rate, or the credits, too.
bool is_refused_since(const breaker& api, run_time asked, run_time now) {
  if (!api.refuses_the_key()) return false;
  const auto lasted = asked - api.outage()->since;
  return now - asked >= std::clamp<run_time::duration>(lasted / 2, look_again, ask_when_spent);
}

}  // namespace

api_account running_account(const account_access& by) { return {by.key.text(), by.config.fetch.base_url}; }

rationing make_rationing(const account_access& by) {
  const auto& folder = by.config.progress_path;
  // Written before the request leaves, where the disk takes it within a moment.
  auto remember = [by](const credit_use& use) {
    auto work = [folder = by.config.progress_path, whose = running_account(by), use] {
      return write_credit_file(folder, whose, use);
    };
    const auto written = by.file.write_and_block(std::move(work), credit_file_patience);
    const error why = written ? error{} : written.error();
    by.telling.report.lesser("budget.json", written ? nullptr : &why);
  };
  const auto known = read_credit_file(folder, running_account(by));
  const auto plan = remembered_plan(by.key.text(), known);
  const bool by_memory = plan_is_asked_for(by.config) && !plan.empty();
  const auto limits = limits_of(by_memory ? plan : by.config.budget.plan);
  rationing budget(by.config.budget, limits, breaker_settings_of(by.config.schedule), remember);
  if (known) budget.credits.restore(*known, by.clock.now());
  if (by_memory) budget.credits.know_plan(plan);
  return budget;
}

asio::awaitable<plan_limits> learn_limits(account_access by, rationing& budget, event& stop) {
  const auto& known = budget.credits.known_plan();
  auto limits = adopt(by, budget, plan_is_asked_for(by.config) ? known : by.config.budget.plan);
  std::string why_not = "it was not asked for";
  if (matters(by, budget)) {
    auto told = co_await ask_account(by, budget, stop, patience_at_start);
    if (told) co_return hear_account(by, budget, *told, limits);
    if (told.error().code != errc::stopped) why_not = told.error().context;
  }
  if (plan_is_asked_for(by.config) && !by.key.empty()) {
    by.telling.log.warn(known.empty() ? "the plan of the API key is not known yet; keeping to COMMUNITY limits"
                                      : "the plan of the API key was not told; going by what it was",
                        {{"plan", limits.plan}, {"reason", why_not}});
  }
  co_return limits;
}

void try_api_again(rationing& budget, reporter& report) {
  budget.api.reset();
  report.api_heard(budget.api);
}

void begin_with_other_account(const account_access& by, const known_account& known) {
  auto& credits = known.budget.credits;
  const auto now = by.clock.now();
  known.budget.forget_key(now);
  known.asked_as = running_account(by);
  const auto use = read_credit_file(by.config.progress_path, known.asked_as);
  if (use) credits.restore(*use, now);
  const auto plan = remembered_plan(by.key.text(), use);
  if (!plan.empty()) credits.know_plan(plan);
}

bool is_other_account(const api_account& asked_as, const configuration& wanted) {
  return asked_as != api_account{wanted.fetch.api_key, wanted.fetch.base_url};
}

std::optional<std::chrono::days> history_under(const rationing& budget, const api_account& asked_as,
                                               const configuration& wanted) {
  if (!plan_is_asked_for(wanted)) return limits_of(wanted.budget.plan).history;
  auto plan = budget.credits.known_plan();
  if (is_other_account(asked_as, wanted)) {
    const api_account whose{wanted.fetch.api_key, wanted.fetch.base_url};
    plan = remembered_plan(whose.key, read_credit_file(wanted.progress_path, whose));
  }
  return plan.empty() ? std::nullopt : limits_of(plan).history;
}

void configure_budget(const account_access& by, const known_account& account) {
  auto& budget = account.budget;
  budget.credits.configure(by.config.budget, by.clock.now());
  budget.api.configure(breaker_settings_of(by.config.schedule));
  const auto& known = budget.credits.known_plan();
  account.limits = adopt(by, budget, plan_is_asked_for(by.config) ? known : by.config.budget.plan);
  by.telling.report.credits(budget.outlook(by.clock.now()));
}

asio::awaitable<void> watch_account(account_access by, known_account known, event& tap) {
  auto& budget = known.budget;
  backoff retry(until_told);
  std::chrono::microseconds pause = ask_every;
  if (!budget.credits.heard_of_account()) pause = retry.next(random_number(by));
  auto due = by.clock.run() + pause;
  run_time asked_last{};
  while (!by.key.empty()) {
    const auto look_in =
        std::clamp<std::chrono::microseconds>(due - by.clock.run(), std::chrono::seconds(0), look_again);
    const bool closed = co_await tap.wait_for(by.clock.real(look_in));
    if (closed) break;
    const bool other_key = known.asked_as != running_account(by);
    const bool is_due = by.clock.run() >= due && matters(by, budget);
    if (by.clock.run() >= due && !is_due) due = by.clock.run() + ask_every;
    if (!other_key && !is_due && !is_refused_since(budget.api, asked_last, by.clock.run())) continue;
    if (other_key) budget.forget_key(by.clock.now());
    known.asked_as = running_account(by);
    asked_last = by.clock.run();
    auto told = co_await ask_account(by, budget, tap, by.config.fetch.total_timeout);
    if (told) known.limits = hear_account(by, budget, *told, known.limits);
    if (told && budget.credits.heard_of_account()) {
      retry.reset();
      pause = budget.outlook(by.clock.now()).spent ? ask_when_spent : ask_every;
    } else {
      const auto asked_for = told ? std::nullopt : told.error().retry_after;
      pause = std::max<std::chrono::microseconds>(retry.next(random_number(by)),
                                                  asked_for.value_or(std::chrono::seconds(0)));
    }
    due = by.clock.run() + pause;
  }
}

asio::awaitable<void> watch_api(rationing& budget, const time_source& clock, reporter& report, event& tap) {
  correction_watch time;
  time.corrected(clock.look());
  report.api_heard(budget.api);  // what was found before this instance led
  while (true) {
    const bool closed = co_await tap.wait_for(clock.real(look_again));
    if (closed) break;
    report.api_heard(budget.api);
    if (time.corrected(clock.look())) budget.time_was_corrected();
  }
}

}  // namespace oes
