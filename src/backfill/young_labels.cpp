#include "backfill/young_labels.hpp"

#include <algorithm>

#include "schedule/window_planner.hpp"

namespace oes {
namespace {

network_time old_enough(interval_size interval, network_time now, std::chrono::seconds hole_after) {
  return now - (interval == interval_size::m5 ? hole_after : settles_after(hole_after));
}

// Of 5m a label counts for its end, and the next one stands at that.
network_time data_end(network_time label, interval_size interval) {
  return data_of(label, bucket_add(label, interval, 1), interval).end;
}

}  // namespace

bool wants_label_behind(const request_group& group, time_range window, network_time now,
                        std::chrono::seconds hole_after) {
  const auto interval = group.identity.interval;
  const auto last = bucket_add(window.end, interval, -1);
  return follows_in_time(interval) && data_end(last, interval) > old_enough(interval, now, hole_after);
}

network_time whole_until(const request_group& group, time_range window, const std::vector<seen_label>& seen,
                         const young_edge& edge) {
  const auto interval = group.identity.interval;
  auto until =
      filled_until(interval, {window.begin, edge.asked_until}, seen, old_enough(interval, edge.now, edge.hole_after));
  if (group.publish_after.count() > 0) until = std::min(until, edge.now - group.publish_after);
  auto end = window.end;
  while (end > window.begin && data_end(bucket_add(end, interval, -1), interval) > until) {
    end = bucket_add(end, interval, -1);
  }
  return end;
}

}  // namespace oes
