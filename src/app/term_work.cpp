#include "app/term_work.hpp"

#include "app/backfill_report.hpp"
#include "app/background_work.hpp"
#include "app/begin_quarantined.hpp"
#include "app/learn_limits.hpp"
#include "app/operator_requests.hpp"
#include "app/term_reader.hpp"
#include "app/watch_health.hpp"
#include "app/watch_topics.hpp"
#include "async/in_own_name.hpp"
#include "async/race.hpp"
#include "async/task_group.hpp"
#include "groups/open_group.hpp"
#include "model/fault_point.hpp"
#include "pipeline/facility_keeper.hpp"
#include "pipeline/poll_loop.hpp"
#include "records/facility_records.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;

/// Why the groups ended.
enum class groups_end { by_itself, lost, change_waits };

// Sets the tap when the groups must not begin anything new: a stop, a loss, an operator's change that waits, or a Kafka
// that does not hold what was committed.
asio::awaitable<void> watch_tap(parts& all, request_queue& requests, committer& commits, event& tap, groups_end& why) {
  auto stopping = all.state.stop.wait();
  auto losing = all.kafka.publisher->lost();
  auto closing = tap.wait();
  auto asking = requests.arrival();
  auto contradicting = commits.contradicted();
  auto racing =
      race(std::move(stopping), std::move(losing), std::move(closing), std::move(asking), std::move(contradicting));
  auto first = co_await std::move(racing);
  if (first.index() == 1) {
    why = groups_end::lost;
    all.telling.report.lost_leadership();
  }
  if (first.index() == 3) {
    why = groups_end::change_waits;
    commits.hand_back_failures();
  }
  tap.set();
}

change_context change_context_of(term_context& context) {
  auto& all = context.all;
  return {context.requests, all.config,     all.groups,       all.clock,     all.telling.log, all.state.stop,
          context.budget,   context.limits, context.asked_as, context.begun, context.reload};
}

// The coroutine owns what it runs.
asio::awaitable<void> poll(poll_loop polling) { co_await polling.run(); }

asio::awaitable<void> poll_once(poll_loop polling, std::size_t& failures) {
  const auto outcome = co_await polling.run_once();
  const bool is_well = outcome.end != cycle_end::failed && outcome.end != cycle_end::fenced;
  if (!is_well || !polling.state().apart.empty()) ++failures;
}

writer make_writer(parts& all, committer& commits) {
  const auto& publish = all.config.publish;
  const chunk_limits transaction{publish.max_transaction_records, publish.max_transaction_bytes};
  return {.loop = all.loop.get_executor(),
          .committer = commits,
          .transaction = transaction,
          .clock = all.clock,
          .report = all.telling.report,
          .on_failure = all.on_failure,
          .schemas = all.schemas.port()};
}

// While others run already.
result<group_state> open_in_own_name(const request_group& group, const opening& standing, const parts& all) {
  try {
    return open_group(group, standing);
  } catch (...) {
    all.on_failure(coroutine_of(group), std::current_exception());
    throw;
  }
}

void start_group(term_context& context, poll_loop polling, const poll_context& by, task_group& groups,
                 term_report& report) {
  const auto& group = polling.group();
  const auto who = coroutine_of(group);
  by.work.begins(who, {work_of(group, {})});
  const auto apart = context.all.crashes.of(work_of(group, {}).of);
  if (apart && context.mode == run_mode::once) {
    by.report.set_apart(group, apart->why, by.clock.now() + apart->pause);
    ++report.failed_groups;
  } else if (apart) {
    groups.start(who, run_quarantined(*apart, std::move(polling), by));
  } else if (context.mode == run_mode::once) {
    groups.start(who, poll_once(std::move(polling), report.failed_groups));
  } else {
    groups.start(who, poll(std::move(polling)));
  }
}

// Starts every group from where it stands; one that is refused is reported and left out.
void start_groups(term_context& context, const ledger_book& ledger, const poll_context& by, reader& read, writer& write,
                  task_group& groups, term_report& report) {
  const opening standing{write.committer.state().members,
                         ledger,
                         by.clock.now(),
                         context.budget.credits.certain_history(context.limits),
                         std::nullopt,
                         &context.begun};
  const auto renamed = renamed_members(context.all.groups, write.committer.state());
  for (const auto& configured : context.all.groups) {
    auto parted = part_changed(configured, standing.known, renamed);
    for (const auto& [stopped, why] : parted.stopped) {
      by.report.group_refused(stopped, why);
      ++report.failed_groups;
    }
    auto& group = parted.going_on;
    if (group.members.empty()) continue;
    auto opened = open_in_own_name(group, standing, context.all);
    if (!opened) {
      by.report.group_refused(group, opened.error());
      ++report.failed_groups;
      continue;
    }
    by.report.group_opened(group, *opened);
    start_group(context, {group, std::move(*opened), by, read, write}, by, groups, report);
  }
}

// The list of facilities: before the groups where there is one cycle only, else beside them.
asio::awaitable<void> keep_list(term_context& context, const ledger_book& ledger, const poll_context& by, reader& read,
                                writer& write, task_group& beside, term_report& report) {
  auto& all = context.all;
  if (!needs_facilities(all.config, all.groups)) {
    by.report.list_read(nullptr);
    co_return;
  }
  facility_keeper keeper{all.facilities, all.config.facilities, {}, facilities_wanted(all.config.streams)};
  const auto published = ledger.find(facility_list_key(keeper.settings.topic));
  if (published != ledger.end()) keeper.published = published->second;
  const std::string who(list_coroutine);
  const auto apart = all.crashes.of(work_of_facilities().of);
  if (context.mode == run_mode::forever) {
    beside.start(who, apart ? keep_facilities_quarantined(*apart, std::move(keeper), by, read, write)
                            : keep_facilities(std::move(keeper), by, read, write));
    co_return;
  }
  auto keeping = in_own_name(write.loop, all.on_failure, who, keep_facilities_once(keeper, by, read, write));
  const auto kept = co_await std::move(keeping);
  if (!kept) ++report.failed_groups;
}

// Every group, opened from what is committed, until the tap closes.
asio::awaitable<groups_end> run_groups(term_context& context, committer& commits, ledger_book ledger,
                                       term_report& report) {
  auto& all = context.all;
  auto why = groups_end::by_itself;
  commits.retry_failures();
  event tap(all.loop.get_executor());
  event eased(all.loop.get_executor());
  context.budget.when_eased([&eased] {
    eased.set();
    eased.clear();
  });
  const poll_context by = make_poll_context(context, tap);
  reader read = make_reader(context, tap, &eased);
  writer write = make_writer(all, commits);
  task_group watch(all.loop.get_executor(), all.on_failure);
  watch.start("tap", watch_tap(all, context.requests, commits, tap, why));
  if (context.mode != run_mode::once)
    watch.start("account",
                watch_account(account_access_of(all), {context.budget, context.limits, context.asked_as}, tap));
  task_group groups(all.loop.get_executor(), all.on_failure);
  context.budget.clear();
  all.schemas.begin(commits.state().members);
  auto admitting =
      in_own_name(all.loop.get_executor(), all.on_failure, "schema registry", all.schemas.admit_all(commits, tap));
  co_await std::move(admitting);
  co_await keep_list(context, ledger, by, read, write, groups, report);
  context.density = density_of(ledger);
  if (context.mode != run_mode::backfill) start_groups(context, ledger, by, read, write, groups, report);
  const background_context beside{context.requests, all.config,        all.groups,
                                  all.facilities,   all.telling.board, all.telling.log};
  if (context.mode == run_mode::forever) {
    groups.start(std::string(background_coroutine), run_background_work(beside, by, read, write));
  } else if (context.mode == run_mode::backfill) {
    groups.start(std::string(background_coroutine), run_one_backfill(beside, by, read, write));
  }
  if (context.mode == run_mode::forever) {
    groups.start("API", watch_api(context.budget, all.clock, all.telling.report, tap));
    groups.start("topics", watch_topics({all.config, all.groups, all.clock, all.telling.board, all.telling.log}, tap));
    groups.start("schema registry", all.schemas.watch(commits, tap));
  }
  ledger = {};  // the groups have their own form of it
  co_await groups.join();
  if (context.mode == run_mode::forever) co_await tap.wait();
  tap.set();
  co_await watch.join();
  context.budget.when_eased({});
  report.lost = report.lost || why == groups_end::lost;
  co_return why;
}

}  // namespace

// Whenever an operator's change waits, the groups pause for it.
asio::awaitable<term_report> serve_until_lost(term_context& context, committer& commits, ledger_book ledger) {
  auto& all = context.all;
  term_report report;
  all.schemas.begin_term();
  task_group background(all.loop.get_executor(), all.on_failure);
  background.start(std::string(committer_coroutine), commits.run());
  event over(all.loop.get_executor());
  task_group watching(all.loop.get_executor(), all.on_failure);
  watching.start("silence of Kafka", watch_commits(all.telling.report, commits, over));
  watching.start("progress.json", commits.mirror_again(over));
  context.requests.open([&](const job& asked) {
    if (asked.kind == job_kind::backfill) return estimate_backfill(outlook_of(context), commits.state().members, asked);
    return read_only(change_context_of(context), commits, asked);
  });
  while (true) {
    const auto why = co_await run_groups(context, commits, std::move(ledger), report);
    if (report.lost || commits.contradiction() || all.state.stop.is_set() || context.mode != run_mode::forever) break;
    if (why != groups_end::change_waits) break;  // each group has ended by itself: it was fenced
    auto doing = in_own_name(all.loop.get_executor(), all.on_failure, "an operator's change",
                             serve_requests(change_context_of(context), commits));
    auto left = co_await std::move(doing);
    if (!left) break;
    ledger = std::move(*left);
  }
  fault_point("term.stopping");
  context.requests.close();
  commits.close();
  co_await background.join();
  over.set();
  co_await watching.join();
  fault_point("term.over");
  co_return report;
}

}  // namespace oes
