#include "app/term.hpp"

#include <utility>
#include <vector>

#include "app/agreement.hpp"
#include "app/begin_apart.hpp"
#include "app/fresh_permit.hpp"
#include "app/leave_refusal.hpp"
#include "app/term_steps.hpp"
#include "app/term_work.hpp"
#include "groups/open_group.hpp"
#include "model/fault_point.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;

using member_list = std::vector<std::pair<member_key, member_progress>>;

// What `progress fresh` allowed is kept like any other change. Versions handed out before are not known any more, but
// they followed the clock.
progress_commit fresh_start(const term_context& context, const member_list& members) {
  const auto now = context.all.clock.now();
  progress_commit change;
  change.wanted.state.members = {members.begin(), members.end()};
  change.wanted.state.last_version = now.time_since_epoch().count();
  change.reason = {
      "one start without progress was allowed", "", context.all.instance.host, "fresh", now, history_after::broken};
  return change;
}

// The first transaction of this leadership.
asio::awaitable<result<void>> claim(const term_context& context, committer& to, member_list members, bool by_permit) {
  if (by_permit) {
    const auto change = fresh_start(context, members);
    auto claimed = co_await to.claim_edited(change);
    co_return claimed;
  }
  auto claimed = co_await to.claim(std::move(members));
  co_return claimed;
}

void remember(term_context& context, const committer& to) {
  context.known = {};
  if (!seeded_bug("kafka-believed")) context.known.snapshot = to.snapshot();
  context.by = witness::memory;
}

committer_settings settings_for(term_context& context) {
  auto& all = context.all;
  auto out = committer_settings_of(all);
  out.credits = [&context]() -> std::optional<credit_use> {
    if (!context.budget.credits.per_day()) return std::nullopt;
    return context.budget.credits.use(context.all.clock.now());
  };
  out.work = watched_by(all.crashes);
  out.unexpected = [&all] { return all.crashes.known(); };
  out.one_by_one = [&all] { return all.crashes.any(); };
  out.stop = &all.stop;
  out.is_written = [&all](const std::string& topic) { return is_written(all, topic); };
  out.kafka = [&all](const error* why) { all.report.kafka(why); };
  out.mirror = [&all](const error* why) { all.report.mirrored(why); };
  return out;
}

// What another daemon of the deployment knows: what is spent of the key's day, and what ended it.
void learn_from(const progress_state& committed, term_context& context) {
  if (committed.credits) context.budget.credits.restore(*committed.credits, context.all.clock.now());
  context.all.crashes.learn(committed.unexpected);
}

// Members that Kafka does not hold yet; and those that it must hold in another form.
member_list members_to_claim(term_context& context, const agreement& agreed) {
  const auto& decision = agreed.decision;
  const auto& committed = decision.start_from.state.members;
  const auto at = context.all.clock.look();
  const auto history = context.budget.credits.certain_history(context.limits);
  const opening first{committed, agreed.found.ledger, at.now, history, decision.start_override};
  auto members = new_members(context.all.groups, first);
  context.begun.clear();
  for (const auto& [key, member] : members) {
    if (!decision.start_override) context.begun.emplace(key, at);
  }
  if (decision.write_members) members.insert(members.end(), committed.begin(), committed.end());
  return members;
}

void tell_leading(term_context& context, const committer& to) {
  auto& all = context.all;
  all.report.leads(all.instance.id);
  all.log.info("leading: reading and publishing", {{"deployment", all.config.publish.deployment},
                                                   {"sequence", to.state().sequence},
                                                   {"generation", to.state().generation},
                                                   {"groups", all.groups.size()}});
}

// A daemon's term that neither a stop nor a contradiction ended is lost, however that was heard: from the group, or by
// a transaction that was fenced.
void tell_over(term_context& context, const committer& to) {
  auto& all = context.all;
  const bool goes_on = context.mode == run_mode::forever && !all.stop.is_set() && !to.contradiction();
  if (goes_on) all.report.lost_leadership();
  all.report.leads_no_more();
}

refusing_leader refusing_leader_of(parts& all) {
  return {all.instance, all.config.publish, *all.to, *all.store, all.log};
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
  tell_leading(context, to);
}

}  // namespace

asio::awaitable<result<term_report>> run_term(term_context& context) {
  auto& all = context.all;
  auto preparing = prepare_topics(all, home_of(context.known));
  auto topics = co_await std::move(preparing);
  if (!topics) co_return topics.error();
  tell_ready(all);
  fault_point("term.topics-known");
  what_is_known known{context.known, topics->cluster_id, context.by, context.fresh_allowed};
  if (auto refused = refused_unread(known, *topics, progress_topic(all.config.publish))) co_return std::move(*refused);
  auto led = co_await lead(all);
  if (!led) co_return led.error();
  fault_point("term.leads");
  auto agreed = co_await agree(all, std::move(known));
  if (!agreed) {
    const error why = agreed.error();
    if (context.known.snapshot && why.code == errc::refused) {
      co_await leave_refusal(refusing_leader_of(all), *context.known.snapshot, why);
    }
    co_return why;
  }
  fault_point("term.reconciled");
  if (!agreed->decision.note.empty()) all.log.warn(agreed->decision.note);
  learn_from(agreed->decision.start_from.state, context);
  auto members = members_to_claim(context, *agreed);

  auto start_from = std::move(agreed->decision.start_from);
  start_from.place.cluster_id = agreed->found.sides.cluster_id;
  start_from.place.topic = progress_topic(all.config.publish);
  committer* current = nullptr;
  std::erase_if(start_from.state.ends, [&all](const auto& one) { return !is_written(all, one.first); });
  auto settings = settings_for(context);
  if (agreed->found.sides.kafka) settings.ends_there = agreed->found.sides.kafka->state.ends;
  committer to(std::move(settings), std::move(start_from), agreed->found.lands_at, *all.to, *all.store,
               all.loop.get_executor(), all.log, [&](std::string_view outcome, steady_span took, std::size_t records) {
                 all.report.transaction(outcome, took, records, current->state().sequence);
               });
  current = &to;
  auto claimed = co_await claim(context, to, std::move(members), agreed->decision.by_permit);
  if (!claimed) co_return waited_for(claimed.error(), progress_topic(all.config.publish));
  fault_point("term.claimed");
  begin_to_lead(context, to);
  auto report = co_await serve_until_lost(context, to, std::move(agreed->found.ledger));
  tell_over(context, to);
  remember(context, to);
  if (to.contradiction()) {
    co_await leave_refusal(refusing_leader_of(all), to.snapshot(), *to.contradiction());
    co_return *to.contradiction();
  }
  co_return report;
}

}  // namespace oes
