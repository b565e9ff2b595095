#include "pipeline/group_state.hpp"

#include <algorithm>
#include <ranges>

namespace oes {
namespace {

std::chrono::seconds window_cap(const request_group& group, const group_state& state, const plan_limits& limits) {
  std::chrono::seconds cap = limits.max_window(group.identity.interval);
  if (group.batch_size && !state.widen) cap = std::min(cap, *group.batch_size);
  if (state.portion_cap) cap = std::min(cap, *state.portion_cap);
  if (state.trouble.smaller) cap = std::min(cap, *state.trouble.smaller);
  return cap;
}

network_time slowest(const group_state& state, const std::vector<std::size_t>& members) {
  auto from = state.members[members.front()].position;
  for (const auto i : members) from = std::min(from, state.members[i].position);
  return from;
}

network_time window_end(const time_window& window) { return window.end.value_or(network_time::max()); }

// Where the request begins: what goes with each poll is left out where it would cost a second request.
network_time look_back_from(const group_state& state, const std::vector<std::size_t>& members, network_time now,
                            std::chrono::seconds cap, bool wide) {
  if (wide && state.again.under_way) return state.again.under_way->next;
  const auto news = slowest(state, members);
  auto from = news;
  for (const auto i : members) from = std::min(from, state.again.begin(i, state.members[i], now, wide));
  return wide || now - from <= cap ? from : news;
}

}  // namespace

std::optional<group_plan> plan_group(const request_group& group, const group_state& state, const plan_context& context,
                                     bool at_trigger) {
  const auto cap = window_cap(group, state, context.limits);
  std::vector<std::size_t> near;
  std::vector<std::size_t> far;
  for (std::size_t i = 0; i < state.members.size(); ++i) {
    if (state.apart.contains(i)) continue;
    const bool is_near = context.now - state.members[i].position <= cap;
    (is_near ? near : far).push_back(i);
  }
  const bool take_near = far.empty() || (at_trigger && !near.empty());
  const auto& candidates = take_near ? near : far;
  if (candidates.empty()) return std::nullopt;
  window_question ask{group.identity.interval,         slowest(state, candidates),     context.now, cap, group.edge,
                      settle_time(group.identity.net), group.publish_after.count() > 0};
  if (state.probe_from) ask.from = std::max(ask.from, *state.probe_from);
  const auto news_from = ask.from;
  const bool news = plan_window(ask).has_value();
  group_plan plan;
  plan.wide = !state.probe_from && (state.again.under_way || state.again.wide_is_due(candidates, context.now));
  if (!news && !plan.wide) return std::nullopt;
  if (!state.probe_from) ask.from = look_back_from(state, candidates, context.now, cap, plan.wide);
  const auto window = plan_window(ask);
  if (!window) return std::nullopt;
  plan.window = *window;
  plan.again_from = state.again.under_way ? state.again.under_way->began : window->start;
  plan.news_from = news_from;
  plan.old_only = window_end(*window) <= news_from;
  ask.from = window_end(*window);
  plan.reaches_edge = !window->end || !plan_window(ask);
  plan.more_behind = take_near && !far.empty();
  for (const auto i : candidates) {
    if (state.members[i].ledger_from < window_end(*window)) plan.members.push_back(i);
  }
  return plan;
}

network_time network_now(const request_group& group, utc_time now) {
  return to_network_time(now, group.identity.net) - group.publish_after;
}

std::vector<std::string> metrics_of(const request_group& group, const group_plan& plan) {
  std::vector<std::string> metrics;
  for (const auto i : plan.members) {
    for (const auto& metric : group.members[i].metrics) {
      if (std::find(metrics.begin(), metrics.end(), metric) == metrics.end()) metrics.push_back(metric);
    }
  }
  return metrics;
}

std::vector<seen_label> labels_of(const metric_block& block, network_time from) {
  std::vector<seen_label> out;
  for (const auto& one : block.all) {
    std::vector<seen_label> merged;
    merged.reserve(std::max(out.size(), one.points.size()));
    auto have = out.begin();
    const auto newest = std::lower_bound(one.points.begin(), one.points.end(), from,
                                         [](const point& p, network_time t) { return p.label < t; });
    for (auto at = newest; at != one.points.end(); ++at) {
      const auto& point = *at;
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

member_patch patch_of(const advance_answer& advance, time_range part, utc_time now) {
  const auto within = [part](time_range r) {
    return time_range{std::max(r.begin, part.begin), std::min(r.end, part.end)};
  };
  member_patch patch;
  for (const auto& range : advance.publish) patch.covered.add(within(range));
  for (const auto& hole : advance.holes) {
    const auto passed = within(hole);
    if (!passed.empty()) patch.gaps.push_back({passed, "no_data", now});
  }
  if (advance.moved) patch.position = std::min(advance.position, part.end);
  return patch;
}

void catch_up(const request_group& group, group_state& state, const std::map<member_key, member_progress>& committed) {
  for (std::size_t i = 0; i < state.members.size(); ++i) {
    const auto found = committed.find(group.members[i].key);
    if (found != committed.end()) state.members[i] = found->second;
  }
}

void note_answered(group_state& state, const group_plan& plan, network_time now) {
  if (window_end(plan.window) < plan.news_from) {
    state.again.under_way = look_back::pass{plan.again_from, window_end(plan.window)};
    return;
  }
  for (const auto i : plan.members) state.again.done(i, state.members[i], plan.again_from, now);
  state.again.under_way.reset();
}

bool note_empty_window(group_state& state, const group_plan& plan, const plan_context& context) {
  if (plan.old_only) {
    note_answered(state, plan, context.now);
    return true;
  }
  if (!plan.window.end || context.now - *plan.window.end < context.hole_after) return false;
  if (state.widen) state.probe_from = *plan.window.end;
  state.widen = true;
  return true;
}

bool note_trouble(group_state& state, const group_plan& plan, interval_size interval, network_time now) {
  return note_trouble(state.trouble, plan.window, interval, now);
}

}  // namespace oes
