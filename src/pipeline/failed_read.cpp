#include "pipeline/failed_read.hpp"

#include <utility>

#include "groups/conclude.hpp"
#include "pipeline/out_of_history.hpp"
#include "reader/reader.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;

// The window cannot be had even at one interval: go on without it, and say so in progress (guarantee.md §5).
asio::awaitable<cycle_outcome> give_up_window(const request_group& group, group_state& state, const poll_context& by,
                                              writer& write, const group_plan& plan, const error& why) {
  submission work;
  const auto end = bucket_add(plan.window.start, group.identity.interval, 1);
  for (const auto i : plan.members) {
    const auto position = state.members[i].position;
    if (position >= end) continue;
    member_patch patch;
    patch.gaps.push_back({{position, end}, std::string(name(why.code)), by.clock.now()});
    patch.position = end;
    work.changes.emplace_back(group.members[i].key, std::move(patch));
  }
  cycle_outcome outcome{cycle_end::more};
  outcome.gave_up = true;
  const auto now = plan.context.now;
  if (work.changes.empty()) {  // it was read before: only this re-read goes without it
    for (const auto i : plan.members) state.re_reads.answered(i, {plan.window.start, end}, now);
    co_return outcome;
  }
  auto fate = co_await write.committer.commit(std::move(work));
  if (!fate) co_return ended_without(fate.error());
  for (const auto i : plan.members) state.re_reads.answered(i, {plan.window.start, end}, now);
  by.report.log().error(
      "an interval could not be read and is recorded as a gap",
      {{"stream", stream_names(group)}, {"interval", format(plan.window.start)}, {"reason", why.context}});
  co_return outcome;
}

}  // namespace

asio::awaitable<cycle_outcome> after_failed_read(const request_group& group, group_state& state, const poll_context& by,
                                                 writer& write, const group_plan& plan, error why) {
  if (why.code == errc::stopped) co_return ended_without(why);
  if (why.code == errc::not_yet) {
    const auto more = conclude_empty(group, state, plan);
    if (!more) co_return ended_without(more.error());
    co_return cycle_outcome{*more ? cycle_end::more : cycle_end::nothing_yet};
  }
  if (why.code == errc::rejected) {
    auto skipping = skip_to_history(group, state, by, write, plan, why);
    const auto skipped = co_await std::move(skipping);
    if (!skipped) co_return ended_without(skipped.error());
    if (*skipped) co_return cycle_outcome{cycle_end::more};
  }
  const bool shrinks = shrinks_window(why);
  const auto then = shrinks ? learn_from_trouble(state, plan, group.identity.interval, why) : after_trouble::try_again;
  // An outage or an empty budget would fail any request: no reason to postpone the deep re-read. Half of what was too
  // large is asked for next.
  const bool own = !trouble_in(why) && why.code != errc::rate_limited;
  const bool fits_in_parts = then == after_trouble::halve && why.code == errc::too_large;
  if (plan.deep_reread && own && !fits_in_parts) {
    state.re_reads.postpone(plan.context.now,
                            is_probed_hourly(why.code) ? by.schedule.probe_rejected : std::chrono::seconds(0));
  }
  if (!shrinks) {
    const bool by_plan = why.code == errc::rejected && may_be_out_of_history(group, by, plan);
    if (by_plan) why.context += " (the plan of the API key is not known yet)";
    auto outcome = ended_without(std::move(why));
    outcome.live_goes_on = plan.deep_reread && own;
    outcome.waits_for_plan = by_plan;
    co_return outcome;
  }
  const bool unusable = why.code == errc::malformed || why.code == errc::too_large;
  if (then != after_trouble::give_up || !unusable) {
    // Half the window may fit where the whole one was too large. A failing server is not helped by that, so it alone
    // keeps its backoff.
    auto outcome = ended_without(why);
    outcome.shrinks = then == after_trouble::halve && why.code != errc::server_error;
    co_return outcome;
  }
  auto given_up = co_await give_up_window(group, state, by, write, plan, why);
  co_return given_up;
}

}  // namespace oes
