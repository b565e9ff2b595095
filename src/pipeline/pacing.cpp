#include "pipeline/pacing.hpp"

#include <algorithm>

#include "schedule/placement.hpp"

namespace oes {
namespace {

std::chrono::seconds step_of(interval_size interval) {
  const network_time monday(std::chrono::days(4));  // any bucket will do: months differ by little
  const auto first = bucket_floor(monday, interval);
  return bucket_add(first, interval, 1) - first;
}

poll_want want_of(const request_group& group) {
  return {group.trigger, std::max(step_of(group.identity.interval), std::chrono::seconds(300)), 1, group.priority};
}

}  // namespace

pacing::pacing(const request_group& group, const schedule_settings& settings, double scatter, rationing& budget)
    // Coarser buckets are closed at known times; waking for one that is not costs nothing.
    : learns_(settings.learn_arrivals && group.identity.interval == interval_size::m5),
      net_(group.identity.net),
      interval_(group.identity.interval),
      trigger_{group.trigger, settings.trigger_offset, settings.trigger_jitter},
      scatter_(scatter),
      arrivals_(step_of(group.identity.interval)),
      budget_(budget),
      seat_(budget.join(want_of(group))) {}

void pacing::polled(utc_time asked, cycle_end end, const group_state& state) {
  if (end == cycle_end::published || end == cycle_end::nothing_yet) last_poll_ = asked;
  const bool at_edge = end == cycle_end::published || end == cycle_end::nothing_yet || end == cycle_end::idle;
  if (!learns_ || !at_edge) return;
  auto ahead = state.members.front().position;
  for (const auto& member : state.members) ahead = std::max(ahead, member.position);
  arrivals_.saw(asked, to_utc(bucket_add(ahead, interval_, -1), net_));
  budget_.learn(seat_, arrivals_.period(), static_cast<int>(state.requests));
}

utc_time pacing::next(utc_time now) {
  pace_ = budget_.pace(seat_, now);
  return place_poll({now, last_poll_, pace_, arrivals_, learns_, trigger_, scatter_});
}

}  // namespace oes
