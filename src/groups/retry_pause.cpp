#include "groups/retry_pause.hpp"

#include <algorithm>
#include <utility>

namespace oes {
namespace {

// Where all is well (app/learn_limits.hpp).
constexpr std::chrono::seconds plan_is_told_within{30};

// Trouble that lasts costs no more credits than good times do.
std::chrono::microseconds at_least_granted_once_it_lasts(std::chrono::microseconds retry, const retry_state& memory,
                                                         poll_pauses usual) {
  return memory.retry.is_at_cap() ? std::max(retry, usual.granted) : retry;
}

std::chrono::microseconds pause_after_failure(const cycle_outcome& outcome, retry_state& memory, poll_pauses usual,
                                              const schedule_settings& settings, double uniform) {
  const auto& why = outcome.why;
  if (is_stopped_by_api(outcome)) return settings.probe_rejected;
  if (is_probed_hourly(why.code) && outcome.live_goes_on) return usual.live;
  if (why.code == errc::not_yet) return usual.live;
  if (why.code == errc::bad_key) return why.retry_after.value_or(settings.probe_rejected);
  const bool others_know =
      why.code == errc::limit_reached || why.code == errc::rate_limited || why.code == errc::unreachable;
  if (others_know) {
    // The budget and its breaker know how long (schedule/rationing.hpp).
    if (why.retry_after) return *why.retry_after;
    return memory.retry.next(uniform);
  }
  const auto least = outcome.waits_for_plan ? plan_is_told_within : why.retry_after.value_or(std::chrono::seconds(0));
  const auto retry = std::max<std::chrono::microseconds>(memory.retry.next(uniform), least);
  const bool costs = costs_a_credit(why.code) || outcome.waits_for_plan;
  if (!costs || outcome.shrinks) return retry;
  return at_least_granted_once_it_lasts(retry, memory, usual);
}

// One bad interval is no reason to wait for what comes after it; a second one without a usable answer in between is.
std::chrono::microseconds pause_after_giving_up(retry_state& memory, poll_pauses usual, double uniform) {
  if (!std::exchange(memory.gave_up, true)) return std::chrono::microseconds(0);
  const std::chrono::microseconds retry = memory.retry.next(uniform);
  return at_least_granted_once_it_lasts(retry, memory, usual);
}

}  // namespace

retry_state::retry_state(const schedule_settings& settings, double scatter_share)
    : retry(settings.retry), scatter(scatter_share) {}

void retry_state::answered() {
  retry.reset();
  gave_up = false;
}

std::chrono::microseconds next_pause(const cycle_outcome& outcome, retry_state& memory, poll_pauses usual,
                                     const schedule_settings& settings, double uniform) {
  switch (outcome.end) {
    case cycle_end::failed:
      return pause_after_failure(outcome, memory, usual, settings, uniform);
    case cycle_end::more:
      if (outcome.gave_up) return pause_after_giving_up(memory, usual, uniform);
      memory.answered();
      return std::chrono::microseconds(0);
    case cycle_end::published:
    case cycle_end::nothing_yet:
      memory.answered();
      return usual.live;
    case cycle_end::idle:
    case cycle_end::fenced:
    case cycle_end::stopped:
      return usual.live;
  }
  return usual.live;
}

}  // namespace oes
