#include "pipeline/group_state.hpp"

#include <algorithm>

namespace oes {
namespace {

constexpr int patience_with_a_window = 3;

std::chrono::seconds window_cap(const request_group& group, const group_state& state, const plan_limits& limits) {
  std::chrono::seconds cap = limits.max_window(group.identity.interval);
  if (group.batch_size && !state.widen) cap = std::min(cap, *group.batch_size);
  if (state.trouble.smaller) cap = std::min(cap, *state.trouble.smaller);
  return cap;
}

network_time slowest(const group_state& state, const std::vector<std::size_t>& members) {
  auto from = state.members[members.front()].position;
  for (const auto i : members) from = std::min(from, state.members[i].position);
  return from;
}

network_time window_end(const time_window& window) { return window.end.value_or(network_time::max()); }

}  // namespace

std::optional<group_plan> plan_group(const request_group& group, const group_state& state, const plan_context& context,
                                     bool at_trigger) {
  const auto cap = window_cap(group, state, context.limits);
  std::vector<std::size_t> near;
  std::vector<std::size_t> far;
  for (std::size_t i = 0; i < state.members.size(); ++i) {
    const bool is_near = context.now - state.members[i].position <= cap;
    (is_near ? near : far).push_back(i);
  }
  const bool take_near = far.empty() || (at_trigger && !near.empty());
  const auto& candidates = take_near ? near : far;
  if (candidates.empty()) return std::nullopt;
  auto from = slowest(state, candidates);
  if (state.probe_from) from = std::max(from, *state.probe_from);
  const auto window =
      plan_window({group.identity.interval, from, context.now, cap, group.edge, settle_time(group.identity.net)});
  if (!window) return std::nullopt;
  group_plan plan{*window, {}, take_near && !far.empty()};
  for (const auto i : candidates) {
    if (state.members[i].position < window_end(*window)) plan.members.push_back(i);
  }
  return plan;
}

std::vector<std::string> metrics_of(const request_group& group, const group_plan& plan) {
  std::vector<std::string> metrics;
  for (const auto i : plan.members) {
    const auto& metric = group.members[i].metric();
    if (std::find(metrics.begin(), metrics.end(), metric) == metrics.end()) metrics.push_back(metric);
  }
  return metrics;
}

std::vector<seen_label> labels_of(const metric_block& block) {
  std::vector<seen_label> out;
  for (const auto& one : block.all) {
    std::vector<seen_label> merged;
    merged.reserve(std::max(out.size(), one.points.size()));
    auto have = out.begin();
    for (const auto& point : one.points) {
      while (have != out.end() && have->label < point.label) merged.push_back(*have++);
      const bool both = have != out.end() && have->label == point.label;
      merged.push_back({point.label, !point.is_null() || (both && have->has_number)});
      if (both) ++have;
    }
    merged.insert(merged.end(), have, out.end());
    out = std::move(merged);
  }
  return out;
}

member_progress after_chunk(const member_progress& before, const advance_answer& advance, network_time complete_before,
                            utc_time now) {
  member_progress after = before;
  for (const auto& range : advance.publish) {
    after.covered.add({range.begin, std::min(range.end, complete_before)});
  }
  for (const auto& hole : advance.holes) {
    const time_range passed{hole.begin, std::min(hole.end, complete_before)};
    if (!passed.empty()) after.gaps.push_back({passed, "no_data", now});
  }
  after.position = std::max(before.position, std::min(advance.position, complete_before));
  return after;
}

bool note_empty_window(group_state& state, const group_plan& plan, const plan_context& context) {
  if (!plan.window.end || context.now - *plan.window.end < context.hole_after) return false;
  if (state.widen) state.probe_from = *plan.window.end;
  state.widen = true;
  return true;
}

bool note_trouble(group_state& state, const group_plan& plan, interval_size interval, network_time now) {
  auto& trouble = state.trouble;
  if (trouble.window && trouble.window->start == plan.window.start && trouble.window->end == plan.window.end) {
    ++trouble.times;
  } else {
    trouble.window = plan.window;
    trouble.times = 1;
  }
  if (trouble.times < patience_with_a_window) return false;
  trouble.times = 0;
  const auto one = bucket_add(plan.window.start, interval, 1) - plan.window.start;
  const auto length = std::min(plan.window.end.value_or(now), now) - plan.window.start;
  if (length <= one) return true;
  trouble.smaller = std::max<std::chrono::seconds>(length / 2, one);
  return false;
}

}  // namespace oes
