#include "pipeline/pacing.hpp"

#include <algorithm>

#include "model/fault_point.hpp"
#include "model/travel_terms.hpp"
#include "schedule/placement.hpp"
#include "schedule/window_planner.hpp"

namespace oes {
namespace {

std::chrono::seconds step_of(interval_size interval) {
  const network_time monday(std::chrono::days(4));  // any bucket will do: months differ by little
  const auto first = bucket_floor(monday, interval);
  return bucket_add(first, interval, 1) - first;
}

// The API withholds the newest 5m label until the next one comes; coarser buckets are left to settle.
std::chrono::seconds held_back(const request_group& group) {
  const auto interval = group.identity.interval;
  const auto closes = interval == interval_size::m5 ? step_of(interval) : fill_time(group.identity.net);
  return closes + group.publish_after;
}

bool are_names(interval_size interval) { return interval == interval_size::season || interval == interval_size::fy; }

// What the API itself may be late: NEM comes within minutes, WEM now and then after hours (and AU waits for it). Of a
// day and more, which waits until it is filled, that is a day (api.md §5).
std::chrono::seconds lateness(network net, std::chrono::seconds step) {
  if (net == network::nem) return std::chrono::minutes(30);
  const std::chrono::seconds hours_late = std::chrono::hours(6);
  return step < std::chrono::days(1) ? hours_late : hours_late + std::chrono::days(1);
}

poll_want want_of(const request_group& group) {
  return {group.trigger, natural_distance(group.identity.interval), 1, group.priority};
}

}  // namespace

pacing::pacing(const request_group& group, const schedule_settings& settings, double scatter, rationing& budget)
    // Coarser buckets are closed at known times; waking for one that is not over costs nothing.
    : learns_(settings.learn_arrivals && group.identity.interval == interval_size::m5),
      net_(group.identity.net),
      interval_(group.identity.interval),
      trigger_{group.trigger, settings.trigger_offset, settings.trigger_jitter},
      scatter_(scatter),
      step_(step_of(group.identity.interval)),
      held_back_(held_back(group)),
      arrivals_(step_),
      late_(net_, interval_, held_back_),
      budget_(budget),
      seat_(budget.join(want_of(group))) {}

// A lag is the difference between two clock readings. If the clock was corrected in between, it is dropped: one hour of
// correction would look like one hour of lag, and the group would wait that long.
void pacing::see_time(const moment& at) {
  if (time_.corrected(at) && !seeded_bug("lag-outlives-its-time")) arrivals_ = arrival_model(step_);
}

live_pace pacing::after(const cycle_outcome& outcome, run_time asked, const group_state& state, const moment& at) {
  see_time(at);
  stands(state, at.now);
  if (outcome.of == turn::live) polled(asked, outcome.end, state, at);
  return next(at);
}

// Of members whose topic Kafka refuses nothing was asked.
void pacing::stands(const group_state& state, utc_time now) {
  if (interval_ == interval_size::m5) return;
  std::vector<network_time> positions;
  for (std::size_t i = 0; i < state.members.size(); ++i) {
    if (!state.apart.contains(i)) positions.push_back(state.members[i].position);
  }
  late_.wanted(positions, now);
  const auto natural = natural_distance(interval_);
  budget_.learn(seat_, late_.is_late() ? std::min(natural, late_.longest_distance()) : natural,
                static_cast<int>(state.requests));
}

void pacing::polled(run_time asked, cycle_end end, const group_state& state, const moment& at) {
  if (end == cycle_end::published || end == cycle_end::nothing_yet) last_poll_ = asked;
  const bool at_edge = end == cycle_end::published || end == cycle_end::nothing_yet || end == cycle_end::idle;
  // Members whose topic Kafka refuses were not asked for: where they stand says nothing of when labels come.
  if (!learns_ || !at_edge || state.apart.size() == state.members.size()) return;
  auto ahead = network_time::min();
  for (std::size_t i = 0; i < state.members.size(); ++i) {
    if (!state.apart.contains(i)) ahead = std::max(ahead, state.members[i].position);
  }
  const auto asked_at = at.now - (at.run - asked);
  const auto newest = to_utc(bucket_add(ahead, interval_, -1), net_);
  if (newest > asked_at) {
    // It cannot have come before its time: the clock that the daemon follows is wrong, and so is what was learnt by it.
    arrivals_ = arrival_model(step_);
    return;
  }
  arrivals_.saw(asked_at, newest);
  budget_.learn(seat_, arrivals_.period(), static_cast<int>(state.requests));
}

live_pace pacing::next(const moment& at) {
  see_time(at);
  const auto pace = budget_.pace(seat_, at.now);
  const auto credits = budget_.outlook(at.now);
  const auto last_poll = last_poll_ ? at.now - (at.run - *last_poll_) : utc_time();
  placement_question question{at.now, last_poll, pace, arrivals_, learns_, trigger_, scatter_};
  if (late_.is_late()) question.late = late_pace{late_.distance(at.now), late_.next_close(at.now)};
  const auto wait = place_poll(question) - at.now;
  const bool learned = learns_ && arrivals_.knows();
  const auto granted = learned ? std::max(pace.granted, arrivals_.period()) : pace.granted;
  const auto between_fruitless = std::max(granted, late_.distance(at.now));
  // What is said is what is done: between batches nothing is asked for, and what is late is looked for sooner.
  const auto every =
      learned && arrivals_.misses() > 0 ? std::chrono::round<std::chrono::seconds>(wait) : between_fruitless;
  return {wait, between_fruitless, at_edge(every, granted), credits};
}

rhythm pacing::at_edge(std::chrono::seconds every, std::chrono::seconds granted) const {
  if (are_names(interval_)) return {every, std::nullopt, std::nullopt};
  const auto lag = expected_lag(granted);
  return {every, lag, lag + lateness(net_, step_)};
}

std::chrono::seconds pacing::expected_lag(std::chrono::seconds granted) const {
  if (learns_ && arrivals_.knows()) return arrivals_.lag() + arrivals_.period() + granted;
  // At most: where a label names its interval's beginning, it stays the newest until the next one has come to its end.
  return 2 * step_ + held_back_ + trigger_.offset + granted;
}

}  // namespace oes
