#include "schedule/advance.hpp"

#include <algorithm>

#include "schedule/window_planner.hpp"

namespace oes {
namespace {

// At the end of an answer nobody can tell yet whether a label is missing, or whether it is the provisional one.
void drop_unsettled(std::vector<seen_label>& taken, const advance_question& q) {
  const auto old_enough = q.now - q.hole_after;
  while (!taken.empty() && !taken.back().has_number && taken.back().label > old_enough) taken.pop_back();
  if (taken.empty() || !q.window.end || q.edge != edge_policy::held_back) return;
  const auto last = taken.back().label;
  const bool tail_missing = bucket_add(last, q.interval, 1) < *q.window.end;
  if (tail_missing && last > old_enough) taken.pop_back();
}

void drop_unfilled(std::vector<seen_label>& taken, const advance_question& q) {
  const auto late = q.proof_is_unreadable ? q.hole_after : settles_after(q.hole_after);
  const auto until = filled_until(q.interval, q.window, q.seen, q.now - late);
  const auto end_of = [&](network_time label) {
    return data_of(label, bucket_add(label, q.interval, 1), q.interval).end;
  };
  while (!taken.empty() && end_of(taken.back().label) > until) taken.pop_back();
}

// The labels that count, in order.
std::vector<seen_label> labels_taken(const advance_question& q) {
  std::vector<seen_label> taken;
  for (const auto& label : q.seen) {
    const bool in_window = label.label >= q.window.start && (!q.window.end || label.label < *q.window.end);
    if (in_window && label.label >= q.position) taken.push_back(label);
  }
  (q.interval == interval_size::m5 ? drop_unsettled : drop_unfilled)(taken, q);
  while (!taken.empty() && taken.back().label >= q.waits_from) taken.pop_back();
  return taken;
}

void add_range(std::vector<time_range>& ranges, time_range r) {
  if (r.empty()) return;
  if (!ranges.empty() && ranges.back().end == r.begin) {
    ranges.back().end = r.end;
  } else {
    ranges.push_back(r);
  }
}

}  // namespace

network_time filled_until(interval_size interval, const time_window& window, const std::vector<seen_label>& seen,
                          network_time settled) {
  auto until = settled;
  for (const auto& one : seen) {
    const bool in_window = one.label >= window.start && (!window.end || one.label < *window.end);
    if (!in_window || !one.has_number) continue;
    until = std::max(until, data_of(one.label, bucket_add(one.label, interval, 1), interval).start);
  }
  return until;
}

advance_answer advance_through(const advance_question& q) {
  advance_answer out;
  out.position = q.position;
  for (const auto& label : labels_taken(q)) {
    const auto end = bucket_add(label.label, q.interval, 1);
    add_range(out.holes, {out.position, label.label});
    add_range(label.has_number ? out.publish : out.holes, {label.label, end});
    out.position = end;
    out.moved = true;
  }
  return out;
}

}  // namespace oes
