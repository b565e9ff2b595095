#include "pipeline/next_plan.hpp"

#include <algorithm>
#include <utility>

#include "groups/open_group.hpp"
#include "groups/plan_group.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;

// A window is planned by the latest time that the API may have, and its answer judged by the time that it has
// (context_of): as long as that is not certain, a poll too many is better than none.
plan_context context_to_plan_by(const request_group& group, const poll_context& by) {
  const auto time = by.clock.read();
  const bool coarse = group.identity.interval != interval_size::m5;  // a bucket that is open yet is served unmarked
  return {group.now(coarse ? time.now : time.latest), by.limits, by.schedule.hole_after};
}

network_time slowest_position(const group_state& state) {
  auto from = network_time::max();
  for (std::size_t i = 0; i < state.members.size(); ++i) {
    if (!state.apart.contains(i)) from = std::min(from, state.members[i].position);
  }
  return from;
}

// What is committed, and which topics Kafka refuses, is the truth: others may have changed it between two cycles.
void catch_up(const request_group& group, group_state& state, const committer& to) {
  reload_committed(group, state, to.state().members);
  see_who_is_apart(group, state, to.apart());
}

// `start:` was resolved by a clock that was wrong, or cut by what the plan was taken for.
asio::awaitable<result<void>> correct_starts(const request_group& group, group_state& state, const poll_context& by,
                                             writer& write) {
  submission work;
  work.changes = corrected_starts(group, state, by.clock.look(), by.clock.read().standing,
                                  by.budget.credits.certain_history(by.limits));
  if (work.changes.empty()) co_return result<void>();
  auto fate = co_await write.committer.commit(std::move(work));
  if (!fate) co_return fate;
  catch_up(group, state, write.committer);
  write.report.log().warn(
      "this host's clock was wrong, or the plan of the key not known, when `start` was resolved: it is resolved anew",
      {{"stream", stream_names(group)}, {"begins", format(state.members.front().start)}});
  co_return fate;
}

}  // namespace

plan_context context_of(const request_group& group, const poll_context& by) {
  return {group.now(by.clock.now()), by.limits, by.schedule.hole_after};
}

asio::awaitable<result<std::optional<group_plan>>> next_plan(const request_group& group, group_state& state,
                                                             const poll_context& by, reader& read, writer& write,
                                                             turn whose, other_turn other) {
  catch_up(group, state, write.committer);
  const auto drawn = co_await correct_starts(group, state, by, write);
  if (!drawn) co_return drawn.error();
  if (state.apart.size() == group.members.size()) co_return std::optional<group_plan>();
  const auto longest = co_await read.longest_window(group, slowest_position(state));
  if (!longest) co_return longest.error();
  state.batch_cap = *longest;
  co_return plan_group(group, state, context_to_plan_by(group, by), whose, other);
}

}  // namespace oes
