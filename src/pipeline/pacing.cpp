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

// What does not exist has no rows, and is asked for less and less often, down to this; so is what does not exist yet.
constexpr std::chrono::seconds longest_without_rows = std::chrono::hours(1);
// Even of a feed that is late something is there by then.
constexpr std::chrono::seconds never_so_late = std::chrono::hours(12);

bool has_data(const group_state& state) {
  return std::any_of(state.members.begin(), state.members.end(),
                     [](const member_progress& member) { return member.labels.covered_until().has_value(); });
}

poll_want want_of(const request_group& group) {
  const auto interval = group.identity.interval;
  // Where none is set a request takes what the plan allows, which is more than the usual re-reads.
  const double more =
      group.batch_size ? more_windows_a_day(group.re_reads, interval, group.trigger, *group.batch_size) : 0;
  return {group.trigger, natural_distance(interval), 1, group.priority, more};
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
  see_rows(outcome, state, at.run);
  stands(state, at.now);
  if (outcome.of == turn::live) polled(asked, outcome.end, state, at);
  budget_.learn(seat_, nothing_sooner(at.run), static_cast<int>(state.requests));
  return next(at);
}

// A search through the past may yet find some.
void pacing::see_rows(const cycle_outcome& outcome, const group_state& state, run_time now) {
  const bool has_rows = outcome.end == cycle_end::published || !outcome.compared.empty() || has_data(state);
  if (has_rows) {
    rowless_since_.reset();
  } else if (outcome.end == cycle_end::nothing_yet && !rowless_since_) {
    rowless_since_ = now;
  }
}

// Between two requests for what never had a row: half as long as that has lasted.
std::chrono::seconds pacing::without_rows(run_time now) const {
  if (!rowless_since_) return std::chrono::seconds(0);
  const auto lasted = std::chrono::floor<std::chrono::seconds>(now - *rowless_since_);
  return std::clamp(lasted / 2, std::chrono::seconds(0), longest_without_rows);
}

std::chrono::seconds pacing::nothing_sooner(run_time now) const {
  auto natural = learns_ && arrivals_.knows() ? arrivals_.period() : natural_distance(interval_);
  if (late_.is_late()) natural = std::min(natural, late_.longest_distance());
  return std::max(natural, without_rows(now));
}

// Of members whose topic Kafka refuses nothing was asked.
void pacing::stands(const group_state& state, utc_time now) {
  if (interval_ == interval_size::m5) return;
  std::vector<network_time> positions;
  for (std::size_t i = 0; i < state.members.size(); ++i) {
    if (!state.apart.contains(i)) positions.push_back(state.members[i].position);
  }
  late_.wanted(positions, now);
}

void pacing::polled(run_time asked, cycle_end end, const group_state& state, const moment& at) {
  if (end == cycle_end::published || end == cycle_end::nothing_yet) last_poll_ = asked;
  const bool at_edge = end == cycle_end::published || end == cycle_end::nothing_yet || end == cycle_end::idle;
  // Members whose topic Kafka refuses were not asked for: where they stand says nothing of when labels come.
  if (!learns_ || !at_edge || rowless_since_ || state.apart.size() == state.members.size()) return;
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
}

live_pace pacing::next(const moment& at) {
  see_time(at);
  const auto pace = budget_.pace(seat_, at.now);
  const auto credits = budget_.outlook(at.now);
  const auto last_poll = last_poll_ ? at.now - (at.run - *last_poll_) : utc_time();
  const bool learns = learns_ && !rowless_since_;
  placement_question question{at.now, last_poll, pace, arrivals_, learns, trigger_, scatter_};
  const auto late = std::max(late_.distance(at.now), without_rows(at.run));
  if (late_.is_late() || rowless_since_)
    question.late = late_pace{late, late_.is_late() ? late_.next_close(at.now) : at.now + late};
  const auto wait = place_poll(question) - at.now;
  const bool learned = learns && arrivals_.knows();
  const auto granted = learned ? std::max(pace.granted, arrivals_.period()) : pace.granted;
  const auto between_fruitless = std::max(granted, late);
  // What is said is what is done: between batches nothing is asked for, and what is late is looked for sooner.
  const auto every =
      learned && arrivals_.misses() > 0 ? std::chrono::round<std::chrono::seconds>(wait) : between_fruitless;
  return {wait, between_fruitless, at_edge(every, granted), credits};
}

rhythm pacing::at_edge(std::chrono::seconds every, std::chrono::seconds granted) const {
  if (are_names(interval_)) return {every, std::nullopt, std::nullopt, never_so_late};
  const auto lag = expected_lag(granted);
  const auto late_after = lag + lateness(net_, step_);
  return {every, lag, late_after, std::min(late_after, never_so_late)};
}

std::chrono::seconds pacing::expected_lag(std::chrono::seconds granted) const {
  if (learns_ && arrivals_.knows()) return arrivals_.lag() + arrivals_.period() + granted;
  // At most: where a label names its interval's beginning, it stays the newest until the next one has come to its end.
  return 2 * step_ + held_back_ + trigger_.offset + granted;
}

}  // namespace oes
