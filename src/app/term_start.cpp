#include "app/term_start.hpp"

#include <algorithm>
#include <iterator>

#include "app/edit_plan.hpp"
#include "groups/open_group.hpp"
#include "model/fault_point.hpp"
#include "operate/trust.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;

// What `progress fresh` allowed is kept like any other change. Versions handed out before are not known any more, but
// they followed the clock.
progress_commit fresh_start(const term_context& context, const term_start& start) {
  const auto now = context.all.clock.now();
  progress_commit change;
  change.wanted.state.members = {start.members.begin(), start.members.end()};
  change.wanted.state.last_version = now.time_since_epoch().count();
  change.reason = {
      "one start without progress was allowed", "", context.all.instance.host, "fresh", now, history_after::broken};
  return change;
}

// What another daemon of the deployment knows: what is spent of the key's day, and what ended it.
void learn_from(const progress_state& committed, term_context& context) {
  if (committed.credits) context.budget.credits.restore(*committed.credits, context.all.clock.now());
  context.all.crashes.learn(committed.unexpected);
}

// Members that Kafka does not hold yet; and those that it must hold in another form.
std::vector<std::pair<member_key, member_progress>> members_to_claim(term_context& context, const agreement& agreed) {
  const auto& decision = agreed.decision;
  const auto& committed = decision.start_from.state.members;
  const auto at = context.all.clock.look();
  const auto history = context.budget.credits.certain_history(context.limits);
  const opening first{committed, agreed.found.ledger, at.now, history, decision.start_override};
  auto members = new_members(context.all.groups, first);
  const auto renamed = renamed_members(context.all.groups, agreed.decision.start_from.state);
  std::erase_if(members, [&renamed](const auto& one) { return renamed.contains(one.first); });
  context.begun.clear();
  for (const auto& [key, member] : members) {
    if (!decision.start_override) context.begun.emplace(key, at);
  }
  auto completed = completed_members(context.all.groups, first);
  if (decision.write_members) members.insert(members.end(), committed.begin(), committed.end());
  members.insert(members.end(), std::make_move_iterator(completed.begin()), std::make_move_iterator(completed.end()));
  return members;
}

}  // namespace

asio::awaitable<result<term_start>> start_by_agreement(term_context& context, what_is_known known) {
  auto& all = context.all;
  auto agreeing =
      agree({progress_sight_of(all), *all.kafka.publisher, all.telling.report, all.state.stop}, std::move(known));
  auto agreed = co_await std::move(agreeing);
  if (!agreed) co_return agreed.error();
  fault_point("term.reconciled");
  if (!agreed->decision.note.empty()) all.telling.log.warn(agreed->decision.note);
  learn_from(agreed->decision.start_from.state, context);
  term_start start;
  start.members = members_to_claim(context, *agreed);
  if (agreed->decision.by_permit) start.change = fresh_start(context, start);
  start.from = std::move(agreed->decision.start_from);
  start.from.place.cluster_id = agreed->found.sides.cluster_id;
  start.from.place.topic = progress_topic(all.config.publish);
  std::erase_if(start.from.state.written,
                [by = topic_sight_of(all)](const auto& one) { return !is_written(by, one.first); });
  // How far its newest transaction wrote, a leader that is gone has told nobody: what lies there now stays there.
  const bool exactly_once = all.config.publish.delivery == delivery_guarantee::exactly_once;
  if (exactly_once) raise(start.from.state.written, last_of(agreed->found.sides.ends));
  if (agreed->found.sides.kafka) start.recorded = agreed->found.sides.kafka->state.written;
  start.lands_at = agreed->found.lands_at;
  start.ledger = std::move(agreed->found.ledger);
  co_return start;
}

result<progress_edit> plan_over_both(const term_context& context, const job& asked, both_sides& found) {
  // A progress topic that is missing is judged as the empty one that the change would make.
  found.sides.end = std::max<std::int64_t>(found.sides.end, 0);
  const auto now = context.all.clock.now();
  const auto history = context.budget.credits.certain_history(context.limits);
  return plan_alone(asked, found, configured_members(context.all.groups, now, history), now);
}

asio::awaitable<result<term_start>> start_with_edit(term_context& context, operator_request& one,
                                                    std::string cluster_id) {
  auto& all = context.all;
  auto file = context.known;
  auto finding = find_both_sides(progress_sight_of(all), std::move(file), std::move(cluster_id));
  auto found = co_await std::move(finding);
  if (!found) co_return found.error();
  auto plan = plan_over_both(context, one.what, *found);
  if (!plan) co_return plan.error();
  leave_out_renamed(*plan, all.groups);
  const auto agreed = one.agrees(describe_plan(plan));
  if (agreed != exit_ok) {
    one.answer = {agreed, ""};
    one.done.set();
    co_return error{errc::stopped, "what the change would do now was not agreed to"};
  }
  term_start start;
  start.from = {std::move(plan->before.state), {found->sides.cluster_id, found->sides.topic, -1}};
  // Over lost records: an end that Kafka does not tell just now would be held against it at the next start.
  const bool over_losses = one.what.kind == job_kind::trust || one.what.kind == job_kind::adopt;
  const auto unknown = over_losses ? untold_end::forgotten : untold_end::kept;
  start.from.state.written = ends_left(std::move(start.from.state.written), found->sides.ends, unknown);
  start.lands_at = found->lands_at;
  start.change = commit_of(one.what, std::move(*plan), all.clock.now());
  co_return start;
}

}  // namespace oes
