#include <cmath>
#include <optional>
#include <vector>

#include "config/checks.hpp"
#include "config/quantity.hpp"
#include "config/wanted_requests.hpp"
#include "model/plan_limits.hpp"

namespace oes {
namespace {

using std::chrono::days;
using std::chrono::seconds;

// What the checks go by; the plan in force is learnt at run time.
struct expected_plan {
  std::string called;  ///< for messages
  plan_limits limits;
  std::optional<std::int64_t> credits;

  [[nodiscard]] bool community() const { return limits.plan == "COMMUNITY"; }
  [[nodiscard]] days longest_request(interval_size size) const { return limits.max_window(size); }
};

expected_plan plan_of(const budget_settings& budget) {
  const auto limits = limits_of(budget.plan);
  return {budget.plan == "auto" ? "COMMUNITY (unless the key's plan is better)" : budget.plan, limits,
          budget.credits_per_day ? budget.credits_per_day : limits.credits_per_day};
}

void check_window(const stream_settings& given, const stream_spec& spec, const expected_plan& plan, problem_log& log) {
  const auto longest = plan.longest_request(spec.interval);
  const auto& batch = given.values.at("batch_size_hours");
  if (spec.batch_size && *spec.batch_size > longest) {
    log.warn(batch.at, batch.key,
             format_scalar(value_kind::number, batch.value) + " hours are more than plan " + plan.called +
                 " allows in one request of " + std::string(code(spec.interval)) + ": it will be clipped to " +
                 std::to_string(longest.count() * 24) + " (" + std::to_string(longest.count()) + " days)");
  }
  const auto* back = std::get_if<seconds>(&spec.start);
  if (plan.community() && back != nullptr && *back > days(729)) {
    const auto& start = given.values.at("start");
    log.warn(start.at, start.key, "plan " + plan.called + " serves the last 730 days only: it will be clipped to that");
  }
}

// The requests of a poll go together: what a day's share does not pay at once is never asked for.
void check_poll(const stream_settings& given, const stream_spec& spec, const expected_plan& plan, double share,
                problem_log& log) {
  if (!plan.credits || given.is_doubtful()) return;
  const auto granted = std::floor(static_cast<double>(*plan.credits) * share);
  const int together = requests_of_a_poll(spec);
  if (together == 1 || together <= granted) return;
  const auto& codes = given.values.at("facility_code");
  log.warn(codes.at, codes.key,
           "a poll takes about " + std::to_string(together) +
               " requests, one for every 30 facilities, which go together, and the daemon's share of a day is " +
               format_number(granted) + " credits: it is never made; a larger budget.share or another plan gives more");
}

std::vector<stream_spec> undoubted_streams(const check_subject& subject) {
  std::vector<stream_spec> out;
  for (std::size_t i = 0; i < subject.config.streams.size(); ++i) {
    if (!subject.settings.streams[i].is_doubtful()) out.push_back(subject.config.streams[i]);
  }
  return out;
}

void check_credits(const check_subject& subject, const expected_plan& plan, problem_log& log) {
  if (!plan.credits) return;
  const auto wanted = count_requests(undoubted_streams(subject), plan.limits);
  const double requests = wanted.a_day;
  const auto granted = static_cast<double>(*plan.credits) * subject.config.budget.share;
  if (requests <= granted) return;
  const auto& daemon = subject.settings.daemon;
  const bool own = daemon.at("budget.credits_per_day").is_set();
  const auto& at = daemon.at(own ? "budget.credits_per_day" : "budget.plan");
  log.warn(at.at, "budget",
           "the triggers want " + format_number(std::ceil(requests)) + " requests a day (" +
               std::to_string(wanted.groups) + (wanted.groups == 1 ? " request group" : " request groups") + "), " +
               (own ? "budget.credits_per_day" : "plan " + plan.called) + " has " + std::to_string(*plan.credits) +
               " credits a day and budget.share " + format_number(subject.config.budget.share) + " of them is " +
               format_number(std::floor(granted)) + ": polls will come about " +
               format_number(std::ceil(requests / granted * 10) / 10) +
               " times less often than wanted; data arrives later, never less");
}

}  // namespace

void check_budget(const check_subject& subject, problem_log& log) {
  const auto& daemon = subject.settings.daemon;
  for (const auto* path : {"budget.plan", "budget.credits_per_day", "budget.share"}) {
    if (daemon.at(path).refused) return;
  }
  const auto plan = plan_of(subject.config.budget);
  for (std::size_t i = 0; i < subject.config.streams.size(); ++i) {
    check_window(subject.settings.streams[i], subject.config.streams[i], plan, log);
    check_poll(subject.settings.streams[i], subject.config.streams[i], plan, subject.config.budget.share, log);
  }
  check_credits(subject, plan, log);
}

}  // namespace oes
