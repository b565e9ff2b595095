#include "telemetry/stream_summary.hpp"

#include <algorithm>

namespace oes {
namespace {

// The higher the worse.
int gravity(stream_state s) {
  switch (s) {
    case stream_state::standby:
    case stream_state::live:
      return 0;
    case stream_state::waiting:
      return 1;
    case stream_state::starting:
      return 2;
    case stream_state::catching_up:
      return 3;
    case stream_state::retrying:
      return 4;
    case stream_state::limit_reached:
      return 5;
    case stream_state::bad_key:
      return 6;
    case stream_state::stopped_by_api:
      return 7;
    case stream_state::identity_changed:
      return 8;
    case stream_state::set_apart:
      return 9;
  }
  return 0;
}

template <class T>
void take_smaller(std::optional<T>& known, const std::optional<T>& other) {
  if (other && (!known || *other < *known)) known = other;
}

template <class T>
void take_larger(std::optional<T>& known, const std::optional<T>& other) {
  if (other && (!known || *other > *known)) known = other;
}

void add(stream_summary& sum, const member_status& member) {
  sum.members.push_back(&member);
  if (sum.worst == nullptr || gravity(member.state) > gravity(sum.worst->state)) sum.worst = &member;
  const bool is_slower = member.newest_at && (sum.slowest == nullptr || *member.newest_at < *sum.slowest->newest_at);
  if (is_slower) sum.slowest = &member;
  take_larger(sum.expected_lag, member.expected_lag);
  take_larger(sum.late_after, member.late_after);
  take_smaller(sum.next_poll, member.goes_on);
  take_larger(sum.last_commit, member.last_commit);
  take_smaller(sum.trigger, member.trigger);
  take_smaller(sum.granted, member.polled_every);
  sum.records += member.records;
  sum.revised += member.revised;
  sum.unchanged += member.unchanged;
  sum.nulls += member.nulls;
  for (const auto& [reason, points] : member.points_skipped) sum.points_skipped[reason] += points;
  sum.open_gaps += member.open_gaps;
  sum.given_up_gaps += member.given_up_gaps;
  sum.ledger_points += member.ledger_points;
  sum.ledger_bytes += member.ledger_bytes;
  sum.topic_refused = sum.topic_refused || member.apart == apart_for::topic_refused;
  sum.ended_process = sum.ended_process || member.apart == apart_for::ended_process;
}

void finish(stream_summary& sum, utc_time now) {
  sum.state = sum.worst->state;
  if (sum.slowest != nullptr) sum.lag = lag_seconds(*sum.slowest, now);
  const bool all_succeeded =
      std::all_of(sum.members.begin(), sum.members.end(), [](const auto* m) { return m->last_success.has_value(); });
  if (!all_succeeded) return;
  for (const auto* member : sum.members) take_smaller(sum.last_success, member->last_success);
}

}  // namespace

std::vector<stream_summary> summaries(const daemon_status& status) {
  std::vector<stream_summary> out;
  for (const auto& [key, member] : status.members) {
    if (out.empty() || out.back().name != key.first) {
      out.emplace_back();
      out.back().name = key.first;
    }
    add(out.back(), member);
  }
  for (auto& sum : out) finish(sum, status.now);
  return out;
}

bool is_read_here(stream_state state) { return state != stream_state::standby; }

}  // namespace oes
