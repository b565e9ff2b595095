#include "commands/edit_alone.hpp"

#include <chrono>
#include <utility>

#include "app/edit_plan.hpp"
#include "app/term_start.hpp"
#include "commands/alone.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;

// Whoever changes progress by hand may well move it into another cluster.
constexpr auto* any_cluster = "";

std::chrono::seconds patience_of(const publish_settings& s) {
  return std::chrono::ceil<std::chrono::seconds>(2 * s.session_timeout + s.transaction_timeout) +
         std::chrono::seconds(30);
}

asio::awaitable<exit_code> edit(term_context& context, const job& asked, const confirmation& confirm) {
  auto found = co_await look_alone(context, any_cluster);
  if (!found) co_return fail(found.error());
  plan_consent consent(confirm);
  const auto agreed = consent.to(describe_plan(plan_over_both(context, asked, *found)));
  if (agreed != exit_ok) co_return agreed;
  found = result<both_sides>(both_sides());  // a ledger may be large, and is read again
  context.lead_within = patience_of(context.all.config.publish);
  const auto mine = context.requests.lay_down(asked, [&consent](const job_answer& plan) { return consent.to(plan); });
  auto answer = co_await run_term_for(context, *mine);
  co_return answer ? tell(*answer) : fail(answer.error());
}

}  // namespace

exit_code operate_alone(configuration config, job asked, const confirmation& confirm) {
  return run_alone(std::move(config), run_mode::edit,
                   [&](term_context& context) { return edit(context, asked, confirm); });
}

}  // namespace oes
