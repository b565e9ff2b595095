#include "groups/search.hpp"

#include <algorithm>

namespace oes {
namespace {

const search* search_of(const group_state& state, std::size_t member) {
  const auto found = state.searches.find(member);
  const bool holds = found != state.searches.end() && found->second.position == state.members[member].position;
  return holds ? &found->second : nullptr;
}

enum class reach { usual, widest };

std::chrono::seconds window_cap(const request_group& group, const group_state& state, const plan_limits& limits,
                                reach how_far) {
  std::chrono::seconds cap = limits.max_window(group.identity.interval);
  if (group.batch_size && how_far == reach::usual) cap = std::min(cap, *group.batch_size);
  if (state.batch_cap) cap = std::min(cap, *state.batch_cap);
  return cap;
}

network_time wanted_from(const group_state& state, std::size_t member) {
  const auto* const found = search_of(state, member);
  return found != nullptr ? found->from : state.members[member].position;
}

// The end of what was asked and is old enough for nothing to be late any more.
network_time empty_until(const request_group& group, const group_plan& plan) {
  const auto& context = plan.context;
  const std::chrono::seconds late = plan.reaches_edge ? plan.settles : context.hole_after;
  const auto old_enough = first_open(context.now - late, group.identity.interval);
  return std::min(window_end(plan.window), old_enough);
}

// What of it a search may pass. A bucket of 1h and more may be there and wait for the data after it, where those can
// be read.
network_time passed_until(const request_group& group, network_time until, const group_plan& plan) {
  const auto& context = plan.context;
  if (group.identity.interval == interval_size::m5) return until;
  const auto late = plan.proof_is_unreadable ? context.hole_after : plan.settles;
  return std::min(until, first_open(context.now - late, group.identity.interval));
}

// What a search knows once the plan's window has brought nothing of the member.
std::optional<search> searched(const request_group& group, const group_state& state, std::size_t member,
                               const group_plan& plan) {
  // The window is shorter than its trouble: what is behind it is tried first.
  if (plan.lacks_proof && !plan.proof_is_unreadable) return std::nullopt;
  const auto until = plan.proof_is_unreadable ? window_end(plan.window) : empty_until(group, plan);
  const auto passed = passed_until(group, until, plan);
  const auto position = state.members[member].position;
  const auto from = wanted_from(state, member);
  const auto gone_on = passed > from ? std::optional(search{position, passed}) : std::nullopt;
  if (from > position || plan.proof_is_unreadable) return gone_on;
  // It has yet to go past anything, and does so after a whole window only: its newest data may be late.
  const bool whole = plan.window.start == position && !plan.reaches_edge && until == window_end(plan.window);
  if (!whole || until <= from) return std::nullopt;
  const auto widest = window_cap(group, state, plan.context.limits, reach::widest);
  const bool is_widest = longest_end(position, group.identity.interval, widest) <= window_end(plan.window);
  return is_widest ? gone_on : search{position, position};
}

}  // namespace

std::vector<sought> where_sought(const request_group& group, const group_state& state, const plan_limits& limits) {
  std::vector<sought> out;
  for (std::size_t i = 0; i < state.members.size(); ++i) {
    const bool searches = search_of(state, i) != nullptr;
    out.push_back({wanted_from(state, i), window_cap(group, state, limits, searches ? reach::widest : reach::usual)});
  }
  return out;
}

void forget_searches_ahead(group_state& state, interval_size interval, network_time now) {
  const auto farthest = bucket_add(bucket_floor(now, interval), interval, 2);
  std::erase_if(state.searches, [&](const auto& one) { return one.second.from > farthest; });
}

bool note_search(const request_group& group, group_state& state, const group_plan& plan) {
  bool goes_on = false;
  for (const auto i : plan.members) {
    const auto next = searched(group, state, i, plan);
    if (!next) continue;
    state.searches[i] = *next;
    goes_on = true;
  }
  return goes_on && !plan.reaches_edge;
}

}  // namespace oes
