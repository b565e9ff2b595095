#include "app/term.hpp"

#include <utility>

#include "app/begin_quarantined.hpp"
#include "app/edit_plan.hpp"
#include "app/fresh_permit.hpp"
#include "app/leave_refusal.hpp"
#include "app/notify.hpp"
#include "app/term_start.hpp"
#include "app/watch_health.hpp"
#include "async/race.hpp"
#include "async/timer.hpp"
#include "model/fault_point.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;

// Until this process is the one writer. stopped: the daemon's stop came first.
asio::awaitable<result<void>> lead(parts& all) {
  all.telling.board.role = "standby";
  all.telling.report.stands_by();
  for (const auto* const of_a_leader : {"leadership", "topics"}) clear_trouble(all.telling.board, of_a_leader);
  all.state.standing_by = true;
  auto leading = all.kafka.publisher->lead();
  auto stopping = all.state.stop.wait();
  auto watching = watch_waiting(*all.kafka.publisher, all.telling.report);
  auto racing = race(std::move(leading), std::move(stopping), std::move(watching));
  auto first = co_await std::move(racing);
  all.state.standing_by = false;
  if (first.index() != 0) co_return error{errc::stopped, "stopped"};
  co_return std::get<0>(first);
}

asio::awaitable<result<void>> lead_in_time(term_context& context) {
  auto leading = lead(context.all);
  if (!context.lead_within) {
    auto led = co_await std::move(leading);
    co_return led;
  }
  auto late = pause_for(*context.lead_within);
  auto racing = race(std::move(leading), std::move(late));
  auto first = co_await std::move(racing);
  if (first.index() == 0) co_return std::get<0>(first);
  co_return error{errc::kafka_unavailable, "Kafka did not give this command the deployment within " +
                                               std::to_string(context.lead_within->count()) + " s"};
}

// The first transaction of this leadership.
asio::awaitable<result<void>> claim(committer& to, term_start& start) {
  auto claiming = start.change ? to.claim_edited(*start.change) : to.claim(std::move(start.members));
  auto claimed = co_await std::move(claiming);
  co_return claimed;
}

void remember(term_context& context, const committer& to) {
  context.known = {};
  if (!seeded_bug("kafka-believed")) context.known.snapshot = to.snapshot();
  context.by = witness::memory;
}

committer_settings settings_for(term_context& context) {
  auto& all = context.all;
  const auto& publish = all.config.publish;
  committer_settings out{
      all.instance.id, all.instance.host, {publish.max_transaction_records, publish.max_transaction_bytes}};
  out.transactional = publish.delivery == delivery_guarantee::exactly_once ? transactions::yes : transactions::no;
  out.message_timeout = publish.message_timeout;
  out.progress_topic = progress_topic(publish);
  out.credits = [&context]() -> std::optional<credit_use> {
    if (!context.budget.credits.per_day()) return std::nullopt;
    return context.budget.credits.use(context.all.clock.now());
  };
  out.work = watched_by(all.crashes);
  out.unexpected = [&all] { return all.crashes.known(); };
  out.one_by_one = [&all] { return all.crashes.any(); };
  out.stop = &all.state.stop;
  out.is_written = [by = topic_sight_of(all)](const std::string& topic) { return is_written(by, topic); };
  out.kafka = [&all](const error* why) { all.telling.report.kafka(why); };
  out.mirror = [&all](const error* why) { all.telling.report.mirrored(why); };
  return out;
}

void tell_leading(term_context& context, const committer& to) {
  auto& all = context.all;
  all.telling.report.leads(all.instance.id);
  all.telling.log.info("leading: reading and publishing", {{"deployment", all.config.publish.deployment},
                                                           {"sequence", to.state().sequence},
                                                           {"generation", to.state().generation},
                                                           {"groups", all.groups.size()}});
}

// A daemon's term that neither a stop nor a contradiction ended is lost, however that was heard: from the group, or by
// a transaction that was fenced.
void tell_over(term_context& context, const committer& to) {
  auto& all = context.all;
  const bool goes_on = context.mode == run_mode::forever && !all.state.stop.is_set() && !to.contradiction();
  if (goes_on) all.telling.report.lost_leadership();
  all.telling.report.leads_no_more();
}

refusing_leader refusing_leader_of(parts& all) {
  return {all.instance, all.config.publish, *all.kafka.publisher, *all.kafka.store, all.telling.log};
}

// A progress topic that refuses the claim is waited for, like every other right that is missing and may be given: who
// ends over it stays away when it is.
error waited_for(error why, const std::string& topic) {
  if (why.code == errc::kafka_refused && why.topic == topic) why.code = errc::kafka_unavailable;
  return why;
}

// From here on memory is the witness: a later term of this process must not look at the file of its start.
void begin_to_lead(term_context& context, const committer& to) {
  remember(context, to);
  context.all.files.permit.begin([folder = context.all.config.progress_path] {
    use_up_fresh_permit(folder);
    return result<void>();
  });
  context.fresh_allowed = false;
  context.all.facilities.begin_term();
}

// As the one writer; what Kafka lacks of what is known, the others are told.
asio::awaitable<result<term_start>> find_start(term_context& context, what_is_known known) {
  auto start = co_await start_by_agreement(context, std::move(known));
  if (!start && context.known.snapshot && start.error().code == errc::refused) {
    const error why = start.error();
    co_await leave_refusal(refusing_leader_of(context.all), *context.known.snapshot, why);
  }
  co_return start;
}

}  // namespace

asio::awaitable<result<term_report>> run_term(term_context& context) {
  auto& all = context.all;
  const auto edit = context.mode == run_mode::edit ? context.requests.next() : nullptr;
  // Whoever changes progress by hand may well move it into another cluster.
  auto preparing = topics_of(topic_sight_of(all), edit ? std::string() : home_of(context.known), missing_topics::make);
  auto topics = co_await std::move(preparing);
  if (!topics) co_return topics.error();
  if (!edit) notify_ready_once(all.state.ready);
  fault_point("term.topics-known");
  what_is_known known{context.known, topics->cluster_id, context.by, context.fresh_allowed};
  if (!edit) {
    if (auto refused = refused_unread(known, *topics, progress_topic(all.config.publish)))
      co_return std::move(*refused);
  }
  auto led = co_await lead_in_time(context);
  if (!led) co_return led.error();
  fault_point("term.leads");
  auto starting =
      edit ? start_with_edit(context, *edit, std::move(known.cluster_id)) : find_start(context, std::move(known));
  auto start = co_await std::move(starting);
  if (!start) co_return start.error();
  committer* current = nullptr;
  auto settings = settings_for(context);
  settings.recorded = std::move(start->recorded);
  committer to(std::move(settings), std::move(start->from), start->lands_at, *all.kafka.publisher, *all.kafka.store,
               all.loop.get_executor(), all.telling.log,
               [&](std::string_view outcome, steady_span took, std::size_t records) {
                 all.telling.report.transaction(outcome, took, records, current->state().sequence);
               });
  current = &to;
  auto claimed = co_await claim(to, *start);
  if (!claimed) co_return edit ? claimed.error() : waited_for(claimed.error(), progress_topic(all.config.publish));
  fault_point("term.claimed");
  begin_to_lead(context, to);
  if (edit) {
    edit->answer = done_at(to.state().sequence);
    edit->done.set();
    co_return term_report();
  }
  tell_leading(context, to);
  auto report = co_await serve_until_lost(context, to, std::move(start->ledger));
  tell_over(context, to);
  remember(context, to);
  if (to.contradiction()) {
    co_await leave_refusal(refusing_leader_of(all), to.snapshot(), *to.contradiction());
    co_return *to.contradiction();
  }
  co_return report;
}

}  // namespace oes
