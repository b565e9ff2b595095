#include "pipeline/out_of_history.hpp"

#include <utility>

namespace oes {
namespace {

namespace asio = boost::asio;

// What of a member lies before `oldest`.
member_patch patch_to(network_time oldest, const member_progress& stands, utc_time now) {
  member_patch patch;
  patch.ledger_from = oldest;
  if (stands.position >= oldest) return patch;
  patch.position = oldest;
  patch.gaps.push_back({{stands.position, oldest}, std::string(out_of_history), now, now});
  return patch;
}

}  // namespace

asio::awaitable<result<bool>> skip_to_history(const request_group& group, group_state& state, const poll_context& by,
                                              writer& write, const group_plan& plan, const error& why) {
  // By a clock that is known to be wrong nothing is given up for good.
  if (by.clock.read().standing == clock_standing::refused) co_return false;
  const auto now = by.clock.now();
  const auto history = by.budget.credits.certain_history(by.limits);
  if (!history) co_return false;
  // The API knows nothing of `publish_after`.
  const auto oldest = oldest_in_history(group.identity.interval, to_network_time(now, group.identity.net), *history);
  if (plan.window.start >= oldest) co_return false;
  submission work;
  std::vector<std::size_t> moved;
  for (const auto i : plan.members) {
    if (state.members[i].ledger_from >= oldest) continue;
    moved.push_back(i);
    work.changes.emplace_back(group.members[i].key, patch_to(oldest, state.members[i], now));
    auto old = state.ledgers[i].labels_before(oldest);
    if (!old.empty()) work.ledger.push_back({group.members[i].key, {}, {}, std::move(old)});
  }
  if (moved.empty()) co_return false;
  auto fate = co_await write.committer.commit(std::move(work));
  if (!fate) co_return fate.error();
  reload_committed(group, state, write.committer.state().members);
  for (const auto i : moved) state.ledgers[i].forget_before(oldest);
  by.report.log().warn(
      "the API plan's history begins at `before`: older intervals that were never published become a gap, published "
      "ones are not re-read any more",
      {{"stream", stream_names(group)}, {"before", format(oldest)}, {"reason", why.context}});
  co_return true;
}

bool may_be_out_of_history(const request_group& group, const poll_context& by, const group_plan& plan) {
  const auto history = by.limits.history;
  if (!history || by.budget.credits.plan_is_certain()) return false;
  return plan.window.start <
         oldest_in_history(group.identity.interval, to_network_time(by.clock.now(), group.identity.net), *history);
}

}  // namespace oes
