#include "commands/dry_run.hpp"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <optional>
#include <ostream>

#include "app/parts.hpp"
#include "async/event.hpp"
#include "async/run_loop.hpp"
#include "decode/label_check.hpp"
#include "facilities/portions.hpp"
#include "groups/group_state.hpp"
#include "groups/open_group.hpp"
#include "pipeline/delivery.hpp"
#include "progress/credit_file.hpp"
#include "reader/portion_fetch.hpp"
#include "reader/understand.hpp"
#include "records/facility_records.hpp"
#include "schedule/rationing.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;

struct dry_parts {
  explicit dry_parts(const configuration& settings)
      : config(settings),
        log(settings.telemetry),
        clock(settings.test_clock ? time_source(*settings.test_clock) : time_source()),
        key(make_api_key(settings)),
        secrets({key.text()}),
        from(make_source(settings, {key, clock, log, secrets})),
        limits(limits_of(settings.budget.plan)),
        budget(settings.budget, limits, breaker_settings_of(settings.schedule)),
        tap(loop.get_executor()) {
    key.on_change([this](const std::string& other) { secrets.add(other); });
    // What a daemon has spent of the day counts; nothing is written down.
    const auto known = read_credit_file(settings.progress_path, settings.fetch.api_key);
    if (!known) return;
    budget.credits.restore(*known, clock.now());
    if (settings.budget.plan != "auto" || known->plan.empty()) return;
    limits = limits_of(known->plan);
    budget.credits.adopt(limits);
  }

  const configuration& config;
  asio::io_context loop{1};
  logger log;
  time_source clock;
  api_key key;
  redactor secrets;
  std::unique_ptr<source> from;
  plan_limits limits;
  rationing budget;
  event tap;
  std::optional<facility_list> facilities;
};

/// The records that were printed.
std::size_t print_answer(const time_series_answer& answer, std::vector<member_step> steps, std::ostream& out) {
  std::size_t printed = 0;
  std::vector<record_plan> plans;
  for (auto& step : steps) plans.push_back(std::move(step.records));
  record_builder builder(answer, std::move(plans));
  version_counter versions(0);
  versions.see_clock(answer.received_at);
  while (!builder.done()) {
    const auto chunk = builder.next({}, versions);
    for (const auto& record : chunk.batch.records) out << chunk.batch.value(record) << '\n';
    printed += chunk.batch.records.size();
  }
  return printed;
}

// Metrics that were asked for and of which the answer says nothing at all.
std::string missing_metrics(const request_group& group, const group_plan& plan, const time_series_answer& answer) {
  if (group.identity.shape == record_shape::wide) return {};
  std::string missing;
  for (const auto& metric : metrics_of(group, plan)) {
    const bool there = std::any_of(answer.blocks.begin(), answer.blocks.end(),
                                   [&](const metric_block& block) { return block.metric == metric; });
    if (!there) missing += (missing.empty() ? "" : ", ") + metric;
  }
  return missing;
}

asio::awaitable<result<void>> take_credit(dry_parts& all) {
  const auto credit = all.budget.spend(spend_on::live, all.clock.look());
  if (!credit.leave_in) co_return error{credit.code, credit.why, {}, 0};
  co_await all.tap.wait_for(all.clock.real(*credit.leave_in));
  co_return result<void>();
}

asio::awaitable<result<raw_answer>> ask(dry_parts& all, fetch_request request) {
  const auto credit = co_await take_credit(all);
  if (!credit) co_return credit.error();
  auto fetched = co_await all.from->fetch(std::move(request));
  co_return std::move(fetched);
}

asio::awaitable<result<time_series_answer>> read_whole(const request_group& group, const group_plan& plan,
                                                       dry_parts& all) {
  auto metrics = metrics_of(group, plan);
  fetch_request request{group.identity, metrics, plan.window};
  auto fetched = co_await ask(all, std::move(request));
  if (!fetched) co_return fetched.error();
  const asio::any_io_executor loop = all.loop.get_executor();
  auto parsing = understand(std::move(*fetched), group, std::move(metrics), loop);
  auto answer = co_await std::move(parsing);
  co_return std::move(answer);
}

asio::awaitable<result<time_series_answer>> read_portions(const request_group& group, const group_plan& plan,
                                                          dry_parts& all) {
  if (!all.facilities) co_return error{errc::not_yet, "the list of facilities is not known", {}, 0};
  ask_once asking_once = [&all](fetch_request request) { return ask(all, std::move(request)); };
  portion_question question{group, metrics_of(group, plan), plan.window, *all.facilities, std::move(asking_once),
                            {},    all.loop.get_executor()};
  auto asking = ask_in_portions(std::move(question));
  auto answer = co_await std::move(asking);
  if (!answer) co_return answer.error();
  co_return std::move(answer->joined);
}

result<time_series_answer> with_true_labels(const request_group& group, const group_plan& plan, dry_parts& all,
                                            time_series_answer answer) {
  const auto now = judged_at(answer, group.identity.net, all.clock.now());
  const auto skipped = leave_out_wrong_labels(answer, {group.identity, plan.window, now});
  if (!skipped) return skipped.error();
  for (const auto& one : *skipped) {
    for (const auto fault : label_faults) {
      if (one.skipped.of(fault) == 0) continue;
      all.log.warn("points with a label that cannot be true are left out", {{"stream", stream_names(group)},
                                                                            {"metric", one.metric},
                                                                            {"reason", name(fault)},
                                                                            {"points", one.skipped.of(fault)}});
    }
  }
  return answer;
}

asio::awaitable<bool> print_group(const request_group& group, dry_parts& all, std::ostream& out) {
  const auto now = network_now(group, all.clock.now());
  const plan_context context{now, all.limits, all.config.schedule.hole_after};
  const std::map<member_key, member_progress> nothing;
  const ledger_book no_ledger;
  auto opened = open_group(group, {nothing, no_ledger, all.clock.now(), all.limits, std::nullopt});
  if (!opened) co_return false;  // cannot be: nothing is known that could differ
  auto& state = *opened;
  const bool in_portions = asked_in_portions(group.identity);
  if (in_portions && all.facilities) {
    state.portion_cap = window_for_portions(group.identity, metrics_in(group), *all.facilities,
                                            state.members.front().position, most_facility_bytes(all.config));
  }
  const auto plan = plan_group(group, state, context, turn::live);
  if (!plan) {
    all.log.info("nothing can be there yet", {{"stream", stream_names(group)}});
    co_return true;
  }
  auto reading = in_portions ? read_portions(group, *plan, all) : read_whole(group, *plan, all);
  auto answer = co_await std::move(reading);
  if (answer) answer = with_true_labels(group, *plan, all, std::move(*answer));
  if (!answer) {
    all.log.error("nothing usable came", {{"stream", stream_names(group)}, {"reason", answer.error().context}});
    co_return false;
  }
  const asio::any_io_executor loop = all.loop.get_executor();
  auto planning = plan_steps(group, state, *plan, *answer, context, loop);
  auto planned = co_await std::move(planning);
  const auto printed = print_answer(*answer, std::move(planned.steps), out);
  const auto missing = missing_metrics(group, *plan, *answer);
  if (!missing.empty()) {
    all.log.error("the answer lacks metrics that were asked for",
                  {{"stream", stream_names(group)}, {"metrics", missing}});
  } else if (printed == 0) {
    all.log.error("the answer holds nothing to publish", {{"stream", stream_names(group)}});
  }
  co_return missing.empty() && printed > 0;
}

asio::awaitable<bool> read_list(dry_parts& all) {
  auto known = co_await take_credit(all);
  if (known) {
    auto list = co_await all.from->fetch_facilities();
    if (list) {
      for (const auto& line : unknown_facilities(facilities_wanted(all.config.streams), *list)) all.log.warn(line);
      all.facilities = std::move(*list);
    }
    if (!list) known = list.error();
  }
  if (!known) all.log.error("the list of facilities cannot be had", {{"reason", known.error().context}});
  co_return known.has_value();
}

void print_list(const facility_list& list, std::ostream& out) {
  const auto changes = changes_of_units(list, {}, gone_units::left_as_they_are);
  if (!changes) return;  // cannot be: nothing was published that could be gone
  version_counter versions(0);
  versions.see_clock(list.received_at);
  const auto batch = build_unit_records(list, *changes, "", versions);
  for (const auto& record : batch.records) out << batch.value(record) << '\n';
}

asio::awaitable<void> print_all(dry_parts& all, std::ostream& out, bool& good) {
  const auto groups = make_groups(all.config.streams);
  if (needs_facilities(all.config, groups)) {
    const bool known = co_await read_list(all);
    good = good && known;
  }
  if (all.config.facilities.enabled && all.facilities) print_list(*all.facilities, out);
  for (const auto& group : groups) {
    const bool printed = co_await print_group(group, all, out);
    good = good && printed;
  }
}

}  // namespace

exit_code print_records(const configuration& config, std::ostream& out) {
  dry_parts all(config);
  bool good = true;
  run_to_end(all.loop, "the dry run", print_all(all, out, good));
  out.flush();
  return good ? exit_ok : exit_failure;
}

}  // namespace oes
