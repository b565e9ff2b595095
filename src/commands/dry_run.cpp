#include "commands/dry_run.hpp"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <map>
#include <optional>
#include <ostream>

#include "app/parts.hpp"
#include "async/event.hpp"
#include "async/run_loop.hpp"
#include "groups/open_group.hpp"
#include "groups/plan_group.hpp"
#include "pipeline/chunk_pipeline.hpp"
#include "progress/credit_file.hpp"
#include "reader/reader.hpp"
#include "records/facility_records.hpp"
#include "schedule/rationing.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;

double no_pause() { return 0.0; }  // nothing is asked twice
void keep_nothing(const std::string& /*why*/, std::string_view /*body*/) {}

struct dry_parts {
  explicit dry_parts(const configuration& settings)
      : config(settings),
        log(settings.telemetry),
        clock(settings.test_clock ? time_source(*settings.test_clock) : time_source()),
        report(log, numbers, board, clock),
        key(make_api_key(settings)),
        secrets({key.text()}),
        from(make_source(settings, {key, clock, log, secrets}, disk)),
        limits(limits_of(settings.budget.plan)),
        budget(settings.budget, limits, breaker_settings_of(settings.schedule)),
        tap(loop.get_executor()),
        facilities(loop.get_executor(), most_facility_bytes(settings)),
        read({.loop = loop.get_executor(),
              .source = *from,
              .budget = budget,
              .clock = clock,
              .report = report,
              .tap = tap,
              .uniform = no_pause,
              .keep_sample = keep_nothing,
              .facilities = &facilities}) {
    key.on_change([this](const std::string& other) { secrets.add(other); });
    // What a daemon has spent of the day counts; nothing is written down.
    const auto known = read_credit_file(settings.progress_path, {settings.fetch.api_key, settings.fetch.base_url});
    if (!known) return;
    budget.credits.restore(*known, clock.now());
    if (settings.budget.plan != "auto" || known->plan.empty()) return;
    limits = limits_of(known->plan);
    budget.credits.adopt(limits);
  }

  const configuration& config;
  asio::io_context loop{1};
  logger log;
  metrics numbers{"openelectricity"};
  daemon_status board;
  time_source clock;
  reporter report;
  api_key key;
  redactor secrets;
  disk_worker disk;
  std::unique_ptr<source> from;
  plan_limits limits;
  rationing budget;
  event tap;
  facility_directory facilities;
  reader read;
};

/// The records that were printed.
std::size_t print_answer(const time_series_answer& answer, std::vector<member_step> steps, std::ostream& out) {
  std::size_t printed = 0;
  std::vector<record_plan> plans;
  for (auto& step : steps) {
    plans.push_back(std::move(step.records));
    plans.back().options.format = record_format::json;  // whatever the topic gets
  }
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
  for (const auto& metric : plan.metrics) {
    const bool there = std::any_of(answer.blocks.begin(), answer.blocks.end(),
                                   [&](const metric_block& block) { return block.metric == metric; });
    if (!there) missing += (missing.empty() ? "" : ", ") + metric;
  }
  return missing;
}

plan_context context_now(const request_group& group, const dry_parts& all) {
  return {group.now(all.clock.now()), all.limits, all.config.schedule.hole_after};
}

// Where the first request of a group begins, as if nothing was published yet; nullopt: nothing can be there.
asio::awaitable<result<std::optional<group_plan>>> first_plan(const request_group& group, group_state& state,
                                                              dry_parts& all) {
  const auto longest = co_await all.read.longest_window(group, state.members.front().position);
  if (!longest) co_return longest.error();
  state.batch_cap = *longest;
  co_return plan_group(group, state, context_now(group, all), turn::live);
}

asio::awaitable<bool> print_group(const request_group& group, dry_parts& all, std::ostream& out) {
  const std::map<member_key, member_progress> nothing;
  const ledger_book no_ledger;
  auto opened = open_group(group, {nothing, no_ledger, all.clock.now(), all.limits.history, std::nullopt});
  if (!opened) co_return false;  // cannot be: nothing is known that could differ
  auto& state = *opened;
  auto plan = co_await first_plan(group, state, all);
  if (plan && !*plan) {
    all.log.info("nothing can be there yet", {{"stream", stream_names(group)}});
    co_return true;
  }
  result<window_answer> answer = plan ? error{} : plan.error();
  if (plan) {
    wanted_window wanted{(*plan)->metrics, (*plan)->window};
    auto read = co_await all.read.read(group, std::move(wanted));
    (*plan)->context = context_now(group, all);
    answer = std::move(read.answer);
  }
  if (!answer) {
    all.log.error("no usable answer from the API",
                  {{"stream", stream_names(group)}, {"reason", answer.error().context}});
    co_return false;
  }
  const auto& series = answer->answer;
  auto planning = plan_steps(group, state, **plan, series, all.loop.get_executor());
  auto planned = co_await std::move(planning);
  const auto printed = print_answer(series, std::move(planned.steps), out);
  const auto missing = missing_metrics(group, **plan, series);
  if (!missing.empty()) {
    all.log.error("the answer lacks metrics that were asked for",
                  {{"stream", stream_names(group)}, {"metrics", missing}});
  } else if (printed == 0) {
    all.log.error("the answer holds nothing to publish", {{"stream", stream_names(group)}});
  }
  co_return missing.empty() && printed > 0;
}

asio::awaitable<bool> read_list(dry_parts& all) {
  auto list = co_await all.read.read_facilities();
  if (!list) {
    all.log.error("the list of facilities cannot be had", {{"reason", list.error().context}});
    all.facilities.note_failure(list.error());
    co_return false;
  }
  for (const auto& line : unknown_facilities(facilities_wanted(all.config.streams), *list)) all.log.warn(line);
  all.facilities.learn(std::move(*list), all.clock.run());
  co_return true;
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
  if (all.config.facilities.enabled && all.facilities.list() != nullptr) print_list(*all.facilities.list(), out);
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
