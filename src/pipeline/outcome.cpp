#include "pipeline/outcome.hpp"

#include <algorithm>

namespace oes {
namespace {

utc_time wake_after_failure(const error& why, wake_memory& memory, utc_time now, utc_time live,
                            const schedule_settings& settings, double uniform) {
  switch (why.code) {
    case errc::rejected:
    case errc::bad_key:
      return now + settings.probe_rejected;
    case errc::limit_reached:
      if (why.retry_after) return now + *why.retry_after;
      return now + std::max<std::chrono::milliseconds>(memory.limit.next(uniform), settings.limit.base / 2);
    case errc::rate_limited:
      if (why.retry_after) return now + *why.retry_after;
      return now + memory.limit.next(uniform);
    case errc::not_yet:
      return live;
    default:
      return now + memory.retry.next(uniform);
  }
}

}  // namespace

wake_memory::wake_memory(const schedule_settings& settings, double scatter_share)
    : retry(settings.retry), limit(settings.limit), scatter(scatter_share) {}

utc_time next_wake(const cycle_outcome& outcome, wake_memory& memory, utc_time now, utc_time live,
                   const schedule_settings& settings, double uniform) {
  if (outcome.end == cycle_end::failed) {
    return wake_after_failure(outcome.why, memory, now, live, settings, uniform);
  }
  memory.retry.reset();
  memory.limit.reset();
  return outcome.end == cycle_end::more ? now : live;
}

stream_state state_after(const cycle_outcome& outcome) {
  switch (outcome.end) {
    case cycle_end::more:
      return stream_state::catching_up;
    case cycle_end::nothing_yet:
      return stream_state::waiting;
    case cycle_end::failed:
      if (outcome.why.code == errc::limit_reached || outcome.why.code == errc::rate_limited) {
        return stream_state::limit_reached;
      }
      if (outcome.why.code == errc::bad_key) return stream_state::bad_key;
      if (outcome.why.code == errc::rejected) return stream_state::stopped_by_api;
      return stream_state::retrying;
    case cycle_end::idle:
    case cycle_end::published:
    case cycle_end::fenced:
    case cycle_end::stopped:
      return stream_state::live;
  }
  return stream_state::live;
}

}  // namespace oes
