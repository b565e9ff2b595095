#include "app/term.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <set>

#include "app/blocking.hpp"
#include "app/fresh_permit.hpp"
#include "app/notify.hpp"
#include "app/rejected_samples.hpp"
#include "model/fault_point.hpp"
#include "pipeline/children.hpp"
#include "pipeline/corridor.hpp"
#include "progress/reconcile.hpp"
#include "publish/topics.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;
using namespace asio::experimental::awaitable_operators;

std::vector<wanted_topic> topics_of(const parts& all) {
  std::set<std::string> names;
  for (const auto& group : all.groups) {
    for (const auto& member : group.members) names.insert(member.options.topic);
  }
  std::vector<wanted_topic> wanted;
  wanted.push_back({progress_topic(all.config.publish), 1, true});
  for (const auto& name : names) wanted.push_back({name, 3, false});
  return wanted;
}

asio::awaitable<result<topic_report>> look_at_topics(parts& all) {
  std::function<result<topic_report>()> look = [&all] {
    return prepare_topics(all.config.publish, topics_of(all), all.log);
  };
  asio::any_io_executor blocking = all.blocking.get_executor();
  auto report = co_await on_blocking(std::move(blocking), std::move(look));
  co_return report;
}

bool data_topics_empty(const topic_report& topics, const std::string& progress) {
  for (const auto& [name, facts] : topics.topics) {
    if (name != progress && !facts.empty()) return false;
  }
  return true;
}

asio::awaitable<result<void>> lead(parts& all) {
  all.board.role = "standby";
  all.board.not_ready_because.clear();  // a standby that waits is ready: it does what it is for
  auto leading = all.to->lead();
  auto stopping = all.stop.wait();
  auto first = co_await (std::move(leading) || std::move(stopping));
  if (first.index() == 1) co_return error{errc::stopped, "stopped", {}, 0};
  co_return std::get<0>(first);
}

// `ledger` becomes what the progress topic holds of it.
asio::awaitable<result<reconcile_decision>> find_start(term_context& context, std::string cluster_id,
                                                       ledger_book& ledger) {
  auto& all = context.all;
  auto loaded = co_await all.store->load();
  if (!loaded) co_return loaded.error();
  reconcile_input input;
  if (*loaded) {
    input.kafka = std::move((*loaded)->snapshot);
    ledger = std::move((*loaded)->ledger);
  }
  input.file = context.file;
  input.cluster_id = std::move(cluster_id);
  input.fresh_allowed = context.fresh_allowed;
  input.topic = progress_topic(all.config.publish);
  if (!input.kafka) {
    auto topics = co_await look_at_topics(all);
    if (!topics) co_return topics.error();
    input.data_topics_empty = data_topics_empty(*topics, progress_topic(all.config.publish));
  }
  co_return reconcile(input);
}

// Sets the tap when this term must not begin anything new.
asio::awaitable<void> watch_tap(parts& all, event& tap, bool& lost) {
  auto stopping = all.stop.wait();
  auto losing = all.to->lost();
  auto closing = tap.wait();
  auto first = co_await (std::move(stopping) || std::move(losing) || std::move(closing));
  lost = first.index() == 1;
  tap.set();
}

asio::awaitable<void> run_group_once(request_group group, group_state state, corridor& c, std::size_t& failures) {
  cycle_outcome outcome{cycle_end::more, {}, {}};
  for (bool first = true; outcome.end == cycle_end::more && !c.tap.is_set(); first = false) {
    auto ended = co_await run_cycle(group, state, c, first);
    outcome = std::move(ended);
    c.report.cycle_ended(group, state, outcome);
  }
  if (outcome.end == cycle_end::failed || outcome.end == cycle_end::fenced) ++failures;
}

corridor make_corridor(term_context& context, committer& to, event& tap) {
  auto& all = context.all;
  const auto& publish = all.config.publish;
  return {all.loop.get_executor(),
          *all.from,
          to,
          context.budget,
          all.clock,
          all.report,
          all.config.schedule,
          context.limits,
          {publish.max_transaction_records, publish.max_transaction_bytes},
          tap,
          [&all] { return std::uniform_real_distribution<double>(0.0, 1.0)(all.random); },
          [&all](const std::string& why, std::string_view body) {
            keep_rejected_sample(all.config.progress_path, why, body);
          }};
}

// Starts every group from where it stands; one that is refused is reported and left out.
void start_groups(term_context& context, const ledger_book& ledger, corridor& c, children& groups,
                  term_report& report) {
  const opening standing{c.to.state().members, ledger, c.clock.now(), context.limits, std::nullopt};
  for (const auto& group : context.all.groups) {
    auto opened = open_group(group, standing);
    if (!opened) {
      c.report.group_refused(group, opened.error());
      ++report.failed_groups;
      continue;
    }
    c.report.group_opened(group, *opened);
    groups.start(context.mode == run_mode::once ? run_group_once(group, std::move(*opened), c, report.failed_groups)
                                                : run_group(group, std::move(*opened), c));
  }
}

asio::awaitable<term_report> walk(term_context& context, committer& to, ledger_book ledger) {
  auto& all = context.all;
  term_report report;
  event tap(all.loop.get_executor());
  corridor c = make_corridor(context, to, tap);
  children background(all.loop.get_executor());
  background.start(to.run());
  background.start(watch_tap(all, tap, report.lost));
  children groups(all.loop.get_executor());
  start_groups(context, ledger, c, groups, report);
  ledger = {};  // the groups have their own form of it
  co_await groups.join();
  if (context.mode == run_mode::forever) co_await tap.wait();
  tap.set();
  fault_point("term.stopping");
  to.close();
  co_await background.join();
  fault_point("term.over");
  co_return report;
}

}  // namespace

asio::awaitable<result<term_report>> run_term(term_context& context) {
  auto& all = context.all;
  auto topics = co_await look_at_topics(all);
  if (!topics) co_return topics.error();
  fault_point("term.topics-known");
  auto led = co_await lead(all);
  if (!led) co_return led.error();
  fault_point("term.leads");
  ledger_book ledger;
  auto decision = co_await find_start(context, topics->cluster_id, ledger);
  if (!decision) co_return decision.error();
  fault_point("term.reconciled");
  if (!decision->note.empty()) all.log.warn(decision->note);
  auto start_from = std::move(decision->start_from);
  const opening first{start_from.state.members, ledger, all.clock.now(), context.limits, decision->start_override};
  auto members = new_members(all.groups, first);
  if (decision->write_members) {
    members.insert(members.end(), start_from.state.members.begin(), start_from.state.members.end());
  }
  start_from.place.cluster_id = topics->cluster_id;
  start_from.place.topic = progress_topic(all.config.publish);

  const auto& publish = all.config.publish;
  committer_settings settings{all.instance.id,
                              all.instance.host,
                              {publish.max_transaction_records, publish.max_transaction_bytes},
                              2,
                              std::chrono::milliseconds(500)};
  committer* current = nullptr;
  committer to(settings, std::move(start_from), *all.to, *all.store, all.loop.get_executor(), all.log,
               [&](std::string_view outcome, std::chrono::steady_clock::duration took, std::size_t records) {
                 all.report.transaction(outcome, took, records, current->state().sequence);
               });
  current = &to;
  auto claimed = co_await to.claim(std::move(members));
  if (!claimed) co_return claimed.error();
  fault_point("term.claimed");
  // From here on Kafka is the authority: a later term of this process must not look at the file of its start.
  context.file = {};
  use_up_fresh_permit(all.config.progress_path);
  context.fresh_allowed = false;
  all.board.role = "leading";
  all.board.not_ready_because.clear();
  all.numbers.leading(true);
  all.log.info("leading: reading and publishing", {{"deployment", publish.deployment},
                                                   {"sequence", to.state().sequence},
                                                   {"generation", to.state().generation},
                                                   {"groups", all.groups.size()}});
  notify_status("leading");

  auto report = co_await walk(context, to, std::move(ledger));
  all.numbers.leading(false);
  co_return report;
}

}  // namespace oes
