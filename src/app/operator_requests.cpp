#include "app/operator_requests.hpp"

#include "app/edit_plan.hpp"
#include "app/exit_code.hpp"
#include "app/learn_limits.hpp"
#include "async/race.hpp"
#include "groups/open_group.hpp"
#include "progress/progress_file_text.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;

constexpr auto pause_before_retry = std::chrono::milliseconds(500);

member_map configured_now(const change_context& context) {
  return configured_members(context.groups, context.clock.now(),
                            context.budget.credits.certain_history(context.limits));
}

job_answer not_done_for(const error& why) {
  const bool unknown = why.code == errc::fenced || why.code == errc::stopped;
  const std::string text = unknown ? "not known whether it was done, `progress show` tells: " : "not done: ";
  return {exit_locked, text + why.context};
}

// The groups' own form of the ledger went with them; Kafka has it.
asio::awaitable<result<ledger_book>> load_ledger(event& stop, committer& to) {
  auto loading = to.stored_ledger();
  auto stopping = stop.wait();
  auto racing = race(std::move(loading), std::move(stopping));
  auto first = co_await std::move(racing);
  if (first.index() == 1) co_return error{errc::stopped, "stopped"};
  co_return std::move(std::get<0>(first));
}

asio::awaitable<result<void>> commit_change(const change_context& context, committer& to,
                                            const progress_commit& change) {
  while (true) {
    auto done = co_await to.commit_edit(change);
    const bool again =
        !done && (done.error().code == errc::not_committed || done.error().code == errc::kafka_unavailable);
    if (!again) co_return done;
    context.log.warn("an operator's change was not committed; trying again", {{"reason", done.error().context}});
    const bool stopping = co_await context.stop.wait_for(pause_before_retry);
    if (stopping) co_return done;
  }
}

// What is committed next is the operator's change alone. `ledger` follows it.
asio::awaitable<job_answer> perform(change_context& context, committer& to, job asked, progress_edit plan,
                                    ledger_book& ledger) {
  auto change = commit_of(asked, std::move(plan), context.clock.now());
  auto done = co_await commit_change(context, to, change);
  if (!done) co_return not_done_for(done.error());
  ledger = std::move(change.wanted.ledger);
  context.log.warn(
      "progress was changed by an operator",
      {{"command", asked.command}, {"reason", asked.reason}, {"who", asked.who}, {"sequence", to.state().sequence}});
  co_return done_at(to.state().sequence);
}

asio::awaitable<job_answer> make_change(change_context& context, committer& to, job asked, ledger_book& ledger) {
  const auto now = context.clock.now();
  auto plan = plan_edit(asked, {to.state(), ledger}, configured_now(context), now);
  auto answer = describe_plan(plan);
  if (!plan) co_return answer;
  leave_out_renamed(*plan, context.groups);
  auto done = co_await perform(context, to, std::move(asked), std::move(*plan), ledger);
  done.must_confirm = answer.must_confirm;
  done.says = std::move(answer.says);
  co_return done;
}

// A stream that was there before under its name has to be the same one, and no other stream what it was.
std::optional<error> fault_of_identity(const std::vector<request_group>& groups, const progress_state& held,
                                       const change_context& context) {
  const ledger_book unread;
  for (const auto& group : groups) {
    const auto opened = open_group(group, {held.members, unread, context.clock.now(), std::nullopt, std::nullopt});
    if (!opened) return opened.error();
  }
  const auto renamed = renamed_members(groups, held);
  return renamed.empty() ? std::nullopt : std::optional(renamed.begin()->second);
}

// New members are committed before anything is read for them; then all else follows the new configuration.
asio::awaitable<job_answer> reload(change_context& context, committer& to, const operator_request& one,
                                   ledger_book& ledger) {
  const auto& wanted = *one.configuration;
  const auto groups = make_groups(wanted.config->streams);
  if (const auto fault = fault_of_identity(groups, to.state(), context)) {
    co_return job_answer{exit_config, "reload refused, what ran goes on: " + fault->context};
  }
  const auto at = context.clock.look();
  const auto fresh =
      configured_members(groups, at.now, history_under(context.budget, context.asked_as, *wanted.config));
  auto plan = plan_edit(one.what, {to.state(), ledger}, fresh, at.now);
  for (const auto& [key, member] : fresh) {
    if (!to.state().members.contains(key)) context.begun.emplace(key, at);
  }
  if (plan->after.state.members != plan->before.state.members) {
    job asked = one.what;
    auto done = co_await perform(context, to, std::move(asked), std::move(*plan), ledger);
    if (done.exit != exit_ok) co_return done;
  }
  if (one.withdrawn) co_return not_done_for({errc::timed_out, "it took too long"});
  const auto taken = context.reload->take_over(wanted);
  if (!taken) co_return not_done_for(taken.error());
  co_return job_answer{exit_ok, ""};
}

asio::awaitable<job_answer> answer_request(change_context& context, committer& to, const operator_request& one,
                                           ledger_book& ledger) {
  if (one.configuration) {
    auto answer = co_await reload(context, to, one, ledger);
    co_return answer;
  }
  context.begun.clear();  // whatever an operator sets stands
  job asked = one.what;
  auto answer = co_await make_change(context, to, std::move(asked), ledger);
  co_return answer;
}

}  // namespace

asio::awaitable<std::optional<ledger_book>> serve_requests(change_context context, committer& to) {
  auto one = context.requests.next();  // none: whoever asked has given up waiting
  auto ledger = co_await load_ledger(context.stop, to);
  while (one) {
    if (ledger) {
      auto answer = co_await answer_request(context, to, *one, *ledger);
      one->answer = std::move(answer);
    } else {
      one->answer = not_done_for(ledger.error());
    }
    one->done.set();
    one = context.requests.next();
  }
  if (!ledger) co_return std::nullopt;
  co_return std::move(*ledger);
}

job_answer read_only(const change_context& context, const committer& to, const job& asked) {
  if (asked.kind != job_kind::show) {
    return describe_plan(plan_edit(asked, {to.state(), {}}, configured_now(context), context.clock.now()));
  }
  const bool transactional = context.config.publish.delivery == delivery_guarantee::exactly_once;
  const auto delivery = transactional ? mirrored_delivery::exactly_once : mirrored_delivery::at_least_once;
  return {exit_ok, "", false, {}, write_progress_text(to.snapshot(), delivery)};
}

}  // namespace oes
