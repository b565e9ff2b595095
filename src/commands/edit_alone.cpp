#include "commands/edit_alone.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <iostream>

#include "app/edit_plan.hpp"
#include "app/fresh_permit.hpp"
#include "app/last_write.hpp"
#include "app/learn_limits.hpp"
#include "app/term_steps.hpp"
#include "async/race.hpp"
#include "async/run_loop.hpp"
#include "async/timer.hpp"
#include "files/lock_file.hpp"
#include "operate/control_client.hpp"
#include "operate/trust.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;

// Whoever changes progress by hand may well move it into another cluster.
constexpr auto* any_cluster = "";

// What both looks at the situation need.
struct edit_context {
  parts all;
  found_progress file;
  job asked;
  std::optional<std::chrono::days> history;  ///< of the plan, where that is certain
};

std::chrono::seconds patience_of(const publish_settings& s) {
  return std::chrono::ceil<std::chrono::seconds>(2 * s.session_timeout + s.transaction_timeout) +
         std::chrono::seconds(30);
}

exit_code fail(const error& why) {
  std::cerr << why.context << '\n';
  return exit_code_for(why.code);
}

asio::awaitable<result<both_sides>> look(edit_context& b) {
  auto looking = look_at_topics(b.all, any_cluster);
  auto topics = co_await std::move(looking);
  if (!topics) co_return topics.error();
  auto file = b.file;
  auto found = co_await find_both_sides(b.all, std::move(file), std::move(topics->cluster_id));
  // A progress topic that is missing is judged as the empty one that the change would make.
  if (found) found->sides.end = std::max<std::int64_t>(found->sides.end, 0);
  co_return found;
}

result<progress_edit> plan_of(const edit_context& b, const both_sides& found) {
  const auto now = b.all.clock.now();
  return plan_alone(b.asked, found, configured_members(b.all.groups, now, b.history), now);
}

asio::awaitable<result<void>> lead_soon(parts& all) {
  const auto patience = patience_of(all.config.publish);
  auto leading = lead(all);
  auto late = pause_for(patience);
  auto racing = race(std::move(leading), std::move(late));
  auto first = co_await std::move(racing);
  if (first.index() == 0) co_return std::get<0>(first);
  co_return error{errc::kafka_unavailable,
                  "Kafka did not give this command the deployment within " + std::to_string(patience.count()) + " s"};
}

// As the one writer: what was planned may have changed meanwhile, so it is planned again.
asio::awaitable<exit_code> change(edit_context& b, plan_consent& consent) {
  auto& all = b.all;
  auto preparing = prepare_topics(all, any_cluster);
  const auto topics = co_await std::move(preparing);
  if (!topics) co_return fail(topics.error());
  auto led = co_await lead_soon(all);
  if (!led) co_return fail(led.error());
  auto found = co_await look(b);
  if (!found) co_return fail(found.error());
  auto plan = plan_of(b, *found);
  if (!plan) co_return fail(plan.error());
  if (const auto agreed = consent.to(describe_plan(plan)); agreed != exit_ok) co_return agreed;
  progress_snapshot start{std::move(plan->before.state), {found->sides.cluster_id, found->sides.topic, -1}};
  // Over lost records: an end that Kafka does not tell just now would be held against it at the next start.
  const bool over_losses = b.asked.kind == job_kind::trust || b.asked.kind == job_kind::adopt;
  const auto unknown = over_losses ? untold_end::forgotten : untold_end::kept;
  start.state.ends = ends_left(std::move(start.state.ends), found->sides.ends, unknown);
  committer to(committer_settings_of(all), std::move(start), found->lands_at, *all.to, *all.store,
               all.loop.get_executor(), all.log, [](auto, auto, auto) {});
  const progress_commit wanted{std::move(plan->after), std::move(plan->before.ledger),
                               reason_of(b.asked, all.clock.now())};
  auto done = co_await to.claim_edited(wanted);
  if (!done) co_return fail(done.error());
  use_up_fresh_permit(all.config.progress_path);
  std::cout << "done, at sequence " << to.state().sequence << '\n';
  co_return exit_ok;
}

asio::awaitable<void> operate(edit_context& b, const confirmation& confirm, exit_code& code) {
  rationing budget = make_rationing(b.all);
  const auto limits = co_await learn_limits(b.all, budget);
  b.history = budget.credits.certain_history(limits);
  auto found = co_await look(b);
  if (!found) {
    code = fail(found.error());
    co_return;
  }
  plan_consent consent(confirm);
  code = consent.to(describe_plan(plan_of(b, *found)));
  if (code != exit_ok) co_return;
  const auto ended = co_await change(b, consent);
  co_await b.all.to->resign();
  code = ended;
}

}  // namespace

configuration for_a_command(configuration config) {
  config.telemetry.log_level = "warn";
  config.publish.standby = false;
  return config;
}

exit_code operate_alone(configuration config, job asked, const confirmation& confirm) {
  auto lock = lock_file::acquire(config.progress_path);
  if (!lock) return fail(lock.error());
  remove_dead_socket(config.progress_path);
  auto file = read_progress_file(config.progress_path);
  if (!file) return fail(file.error());
  edit_context b{parts(for_a_command(std::move(config))), std::move(*file), std::move(asked), {}};
  exit_code code = exit_failure;
  run_to_end(b.all.loop, "the command", operate(b, confirm, code));
  if (!finish_files(b.all)) leave_now(b.all, code);
  b.all.blocking.join();
  return code;
}

}  // namespace oes
