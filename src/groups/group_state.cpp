#include "groups/group_state.hpp"

#include <algorithm>
#include <ranges>

#include "model/fault_point.hpp"

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

// The API answers, whatever it said. Only a wide answer tells that wide windows are answered.
void end_trouble(group_state& state, const group_plan& plan) {
  if (seeded_bug("trouble-lasts")) return;
  state.trouble = {};
  if (plan.wide) state.wide_trouble = {};
}

// Where a request begins that reads again what goes with each poll.
network_time begin_of_poll(const group_state& state, const std::vector<std::size_t>& members) {
  auto from = slowest(state, members);
  for (const auto i : members) from = std::min(from, state.again.begin_of_poll(state.members[i]));
  return from;
}

// Where it begins if it also reads what is owed.
network_time begin_of_wide(const group_state& state, const std::vector<std::size_t>& members, network_time from) {
  for (const auto i : members) from = std::min(from, state.again.owed_from(i));
  return from;
}

}  // namespace

std::optional<group_plan> plan_group(const request_group& group, group_state& state, const plan_context& context,
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
  // What goes with each poll is left out where it would cost a second request; then it comes round by itself.
  const auto with_poll = begin_of_poll(state, candidates);
  const bool fits = !state.probe_from && context.now - with_poll <= cap;
  plan.again = fits ? each_poll::fits : each_poll::left_out;
  for (const auto i : candidates) state.again.fall_due(i, state.members[i], context.now, plan.again);
  plan.wide = !state.probe_from && state.again.wide_is_due(candidates, context.now);
  if (!news && !plan.wide) return std::nullopt;
  if (plan.wide) {
    ask.from = begin_of_wide(state, candidates, fits ? with_poll : news_from);
    if (state.wide_trouble.smaller) ask.max_window = std::min(ask.max_window, *state.wide_trouble.smaller);
  } else if (fits) {
    ask.from = with_poll;
  }
  const auto window = plan_window(ask);
  if (!window) return std::nullopt;
  plan.window = *window;
  plan.asked = {window->start, window_end(*window)};
  plan.old_only = window_end(*window) <= news_from;
  ask.from = window_end(*window);
  ask.max_window = cap;
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

namespace {

bool earlier(const seen_label& a, const seen_label& b) { return a.label < b.label; }

// Sorts `more` into `all`, each label once.
void merge_labels(std::vector<seen_label>& all, std::vector<seen_label>& more) {
  std::sort(more.begin(), more.end(), earlier);
  const auto middle = static_cast<std::ptrdiff_t>(all.size());
  all.insert(all.end(), more.begin(), more.end());
  more.clear();
  std::inplace_merge(all.begin(), all.begin() + middle, all.end(), earlier);
  std::size_t kept = 0;
  for (const auto& one : all) {
    if (kept > 0 && all[kept - 1].label == one.label) {
      all[kept - 1].has_number = all[kept - 1].has_number || one.has_number;
    } else {
      all[kept++] = one;
    }
  }
  all.resize(kept);
}

}  // namespace

// Nearly always all series have the same labels. Where they have not, what a series adds is merged when it is as much
// as there is already: thousands of short series beside a long one must not each cost as much as the long one.
std::vector<seen_label> labels_of(const metric_block& block, network_time from) {
  std::vector<seen_label> out;
  std::vector<seen_label> more;
  for (const auto& one : block.all) {
    auto have = out.begin();
    auto at = std::lower_bound(one.points.begin(), one.points.end(), from,
                               [](const point& p, network_time t) { return p.label < t; });
    for (; at != one.points.end(); ++at) {
      if (have == out.end() || have->label != at->label) {
        have = std::lower_bound(have, out.end(), seen_label{at->label, false}, earlier);
      }
      if (have != out.end() && have->label == at->label) {
        have->has_number = have->has_number || !at->is_null();
        ++have;
      } else {
        more.push_back({at->label, !at->is_null()});
      }
    }
    if (more.size() > out.size()) merge_labels(out, more);
  }
  merge_labels(out, more);
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
  for (const auto i : plan.members) {
    state.again.answered(i, plan.asked, now);
    if (plan.again == each_poll::fits) state.again.polled(i, now);
  }
  end_trouble(state, plan);
}

bool note_empty_window(group_state& state, const group_plan& plan, const plan_context& context) {
  if (plan.old_only) {
    note_answered(state, plan, context.now);
    return true;
  }
  end_trouble(state, plan);
  if (!plan.window.end || context.now - *plan.window.end < context.hole_after) return false;
  if (state.widen) state.probe_from = *plan.window.end;
  state.widen = true;
  return true;
}

bool note_trouble(group_state& state, const group_plan& plan, interval_size interval, network_time now) {
  if (plan.wide) return note_trouble(state.wide_trouble, plan.window, interval, now, 1);
  return note_trouble(state.trouble, plan.window, interval, now);
}

}  // namespace oes
