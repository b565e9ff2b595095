#include "schedule/advance.hpp"

#include <algorithm>

namespace oes {
namespace {

// The labels that count, in order.
std::vector<seen_label> labels_taken(const advance_question& q) {
  const auto old_enough = q.now - q.hole_after;
  std::vector<seen_label> taken;
  for (const auto& label : q.seen) {
    const bool in_window = label.label >= q.window.start && (!q.window.end || label.label < *q.window.end);
    if (in_window && label.label >= q.position) taken.push_back(label);
  }
  while (!taken.empty() && !taken.back().has_number && taken.back().label > old_enough) taken.pop_back();
  if (!taken.empty() && q.window.end && q.edge == edge_policy::held_back) {
    const auto last = taken.back().label;
    const bool tail_missing = bucket_add(last, q.interval, 1) < *q.window.end;
    if (tail_missing && q.interval == interval_size::m5 && last > old_enough) taken.pop_back();
  }
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
