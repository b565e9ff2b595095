#include "schedule/placement.hpp"

#include <algorithm>
#include <cmath>

namespace oes {
namespace {

using std::chrono::seconds;

constexpr seconds soonest_again{20};
// Labels that come in batches further apart than this are looked for until they are there.
constexpr seconds long_wait{900};

utc_time::duration scattered(const placement_question& q) {
  const auto jitter = std::chrono::duration_cast<utc_time::duration>(q.trigger.jitter);
  return utc_time::duration(static_cast<std::int64_t>(static_cast<double>(jitter.count()) * q.scatter));
}

// After a poll that came too early: soon again if credits allow, or if a whole batch of labels is waiting for it. A
// feed that stands still is asked less and less often, down to what is granted.
seconds again_after(const placement_question& q) {
  const auto period = q.arrivals.period();
  const auto first = std::max(q.pace.affordable, soonest_again);
  if (period > long_wait) return std::min(first, period / 12);
  constexpr int enough_doublings = 10;
  const auto doublings = std::clamp(q.arrivals.misses() - 1, 0, enough_doublings);
  return std::clamp(first * (1 << doublings), first, std::max(first, q.pace.granted));
}

utc_time at_fixed_trigger(const placement_question& q) {
  trigger_settings trigger = q.trigger;
  trigger.every = std::max(trigger.every, q.pace.granted);
  const auto first = next_trigger(q.now, trigger, q.scatter);
  if (!q.late || q.late->distance <= trigger.every) return first;
  const auto again = next_trigger(q.now + (q.late->distance - trigger.every), trigger, q.scatter);
  return std::min(again, std::max(first, next_trigger(q.late->next_close, trigger, q.scatter)));
}

}  // namespace

utc_time place_poll(const placement_question& q) {
  if (!q.learned || !q.arrivals.knows()) return at_fixed_trigger(q);
  const auto period = q.arrivals.period();
  const auto first = q.arrivals.next(q.now);
  const auto due = q.last_poll + q.pace.granted;
  const double periods = static_cast<double>((due - first).count()) /
                         static_cast<double>(std::chrono::duration_cast<utc_time::duration>(period).count());
  // The arrival nearest to when it is due: over the day the distances average to what is granted.
  const auto skipped = std::max<std::int64_t>(0, std::llround(periods));
  auto at = first + skipped * period;
  if (q.arrivals.overdue(q.now)) at = std::min(at, q.now + again_after(q));
  return std::max(at + scattered(q), q.now + seconds(1));
}

}  // namespace oes
