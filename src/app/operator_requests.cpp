#include "app/operator_requests.hpp"

#include "app/backfill_report.hpp"
#include "app/edit_plan.hpp"
#include "app/exit_code.hpp"
#include "async/race.hpp"
#include "progress/progress_file_text.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;

constexpr auto pause_before_retry = std::chrono::milliseconds(500);

member_map configured_now(const term_context& context) {
  return configured_members(context.all.groups, context.all.clock.now(), context.limits);
}

job_answer not_done(const error& why) { return {exit_locked, "not done: " + why.context, false, {}, {}}; }

// The groups' own form of the ledger went with them; Kafka has it.
asio::awaitable<result<ledger_book>> load_ledger(parts& all, committer& to) {
  auto loading = to.stored_ledger();
  auto stopping = all.stop.wait();
  auto racing = race(std::move(loading), std::move(stopping));
  auto first = co_await std::move(racing);
  if (first.index() == 1) co_return error{errc::stopped, "stopped"};
  co_return std::move(std::get<0>(first));
}

asio::awaitable<result<void>> commit(parts& all, committer& to, const progress_commit& change) {
  while (true) {
    auto done = co_await to.commit_edit(change);
    const bool again = !done && done.error().code == errc::not_committed;
    if (!again) co_return done;
    all.log.warn("an operator's change was not committed; trying again", {{"reason", done.error().context}});
    const bool stopping = co_await all.stop.wait_for(pause_before_retry);
    if (stopping) co_return done;
  }
}

// What is committed next is the operator's change alone. `ledger` follows it.
asio::awaitable<job_answer> perform(term_context& context, committer& to, job asked, ledger_book& ledger) {
  auto& all = context.all;
  const auto now = all.clock.now();
  auto plan = plan_edit(asked, {to.state(), ledger}, configured_now(context), now);
  auto answer = describe_plan(plan);
  if (!plan) co_return answer;
  const progress_commit change{std::move(plan->after), std::move(ledger), reason_of(asked, now)};
  auto done = co_await commit(all, to, change);
  ledger = done ? change.wanted.ledger : change.ledger_before;
  if (!done) {
    answer = not_done(done.error());
    co_return answer;
  }
  answer.text = "done, at sequence " + std::to_string(to.state().sequence);
  all.log.warn(
      "progress was changed by an operator",
      {{"command", asked.command}, {"reason", asked.reason}, {"who", asked.who}, {"sequence", to.state().sequence}});
  co_return answer;
}

}  // namespace

asio::awaitable<std::optional<ledger_book>> serve_requests(term_context& context, committer& to) {
  auto one = context.requests.next();
  if (!one) co_return std::nullopt;
  auto ledger = co_await load_ledger(context.all, to);
  while (one) {
    if (ledger) {
      job asked = one->what;
      auto answer = co_await perform(context, to, std::move(asked), *ledger);
      one->answer = std::move(answer);
    } else {
      one->answer = not_done(ledger.error());
    }
    one->done.set();
    one = context.requests.next();
  }
  if (!ledger) co_return std::nullopt;
  co_return std::move(*ledger);
}

job_answer read_only(const term_context& context, const committer& to, const job& asked) {
  if (asked.kind == job_kind::backfill) return estimate_backfill(context, to.state().members, asked);
  if (asked.kind != job_kind::show) {
    return describe_plan(plan_edit(asked, {to.state(), {}}, configured_now(context), context.all.clock.now()));
  }
  const bool transactional = context.all.config.publish.delivery == delivery_guarantee::exactly_once;
  const auto delivery = transactional ? mirrored_delivery::exactly_once : mirrored_delivery::at_least_once;
  return {exit_ok, "", false, {}, write_progress_text(to.snapshot(), delivery)};
}

}  // namespace oes
