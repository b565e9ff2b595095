#include "groups/look_back.hpp"

#include <algorithm>
#include <utility>

#include "model/fault_point.hpp"

namespace oes {
namespace {

constexpr auto deep_reread_again_after = std::chrono::minutes(15);
constexpr int patience_with_an_answer = 3;

// What is left of `owed` once `window` has been read: a re-read goes on in the order of time.
std::optional<time_range> left_of(const std::optional<time_range>& owed, time_range window) {
  if (!owed || window.begin > owed->begin) return owed;
  const time_range rest{std::max(owed->begin, window.end), owed->end};
  return rest.empty() ? std::nullopt : std::optional(rest);
}

}  // namespace

bool is_due(const re_read& cadence, std::optional<network_time> last, network_time now) {
  // One that lies ahead was noted by a clock that was corrected since.
  if (cadence.with_each_poll() || !last || *last > now) return true;
  if (cadence.every && now - *last >= *cadence.every) return true;
  const auto midnight = std::chrono::floor<std::chrono::days>(now);
  return std::any_of(cadence.at.begin(), cadence.at.end(), [&](std::chrono::seconds time_of_day) {
    const auto today = midnight + time_of_day;
    const auto latest = today <= now ? today : today - std::chrono::days(1);
    return latest > *last;
  });
}

look_back::look_back(std::vector<re_read> cadences, interval_size interval, std::size_t members)
    : cadences_(std::move(cadences)), interval_(interval), members_(members, std::vector<standing>(cadences_.size())) {}

bool look_back::comes_round(const re_read& cadence, const standing& one, time_range due, network_time now,
                            each_poll room) const {
  if (!cadence.with_each_poll()) return is_due(cadence, one.last, now);
  const bool older_is_owed = !one.last && due.begin < bucket_floor(due.end - cadence.back, interval_);
  if (older_is_owed) return true;
  // Each poll reads it again by itself, so only what one had no room for is left.
  if (room == each_poll::fits) return one.passed_over.has_value();
  // One that lies ahead was noted by a clock that was corrected since.
  return !one.last || *one.last > now || now - *one.last >= cadence.back;
}

void look_back::fall_due(std::size_t member, const member_progress& stands, network_time now, each_poll room) {
  const auto farthest = horizon_of(cadences_);
  for (std::size_t i = 0; i < cadences_.size(); ++i) {
    auto& one = members_[member][i];
    // An operator may have moved the member meanwhile.
    if (one.owed) one.owed->begin = std::max(one.owed->begin, stands.ledger_from);
    if (one.owed && one.owed->empty()) {
      one.owed.reset();
      one.last = now;
    }
    if (room == each_poll::left_out) pass_over(cadences_[i], one, stands);
    const bool resumes = !one.last && cadences_[i].back == farthest;
    time_range due{resumes ? stands.ledger_from : begin_of(cadences_[i], stands), stands.position};
    if (one.owed || !comes_round(cadences_[i], one, due, now, room)) continue;
    if (const auto from = std::exchange(one.passed_over, {}))
      due.begin = std::min(due.begin, std::max(*from, stands.ledger_from));
    if (due.empty()) {
      one.last = now;
    } else {
      one.owed = due;
    }
  }
}

// As far as it was read again the last time: who is far behind has read nothing of that yet.
void look_back::pass_over(const re_read& cadence, standing& one, const member_progress& stands) const {
  if (!cadence.with_each_poll() || !one.last || one.passed_over || seeded_bug("passed-over-not-owed")) return;
  const auto from = std::max(begin_of(cadence, stands), bucket_floor(*one.last - cadence.back, interval_));
  if (from < stands.position) one.passed_over = from;
}

network_time look_back::passed_over(std::size_t member) const {
  auto from = network_time::max();
  for (const auto& one : members_[member]) from = std::min(from, one.passed_over.value_or(from));
  return from;
}

bool look_back::deep_reread_is_due(const std::vector<std::size_t>& members, network_time now) const {
  // Before its begin: the clock was set back after the postponement, which therefore no longer counts.
  if (postponed_ && now >= postponed_->begin && now < postponed_->end) return false;
  return std::any_of(members.begin(), members.end(),
                     [&](std::size_t member) { return owed_from(member) != network_time::max(); });
}

network_time look_back::begin_of_poll(const member_progress& stands) const {
  auto from = stands.position;
  for (const auto& cadence : cadences_) {
    if (cadence.with_each_poll()) from = std::min(from, begin_of(cadence, stands));
  }
  return from;
}

network_time look_back::owed_from(std::size_t member) const {
  auto from = network_time::max();
  for (const auto& one : members_[member]) {
    if (one.owed) from = std::min(from, one.owed->begin);
  }
  return from;
}

network_time look_back::keep_from(std::size_t member, time_range window) const {
  auto from = passed_over(member);
  for (const auto& one : members_[member]) {
    const auto rest = left_of(one.owed, window);
    if (rest) from = std::min(from, rest->begin);
  }
  return from;
}

network_time look_back::keep_from(std::size_t member) const { return std::min(owed_from(member), passed_over(member)); }

void look_back::answered(std::size_t member, time_range window, network_time now) {
  for (auto& one : members_[member]) {
    if (!one.owed || window.begin > one.owed->begin) continue;
    one.owed = left_of(one.owed, window);
    one.left_out = 0;
    if (!one.owed) one.last = now;
  }
}

bool look_back::not_answered(std::size_t member, time_range window, unanswered why, network_time now) {
  bool still = false;
  for (auto& one : members_[member]) {
    if (!one.owed || window.begin > one.owed->begin) continue;
    still = why == unanswered::doubted || ++one.left_out < patience_with_an_answer || still;
  }
  if (!still) answered(member, window, now);
  return still;
}

void look_back::polled(std::size_t member, network_time now) {
  for (std::size_t i = 0; i < cadences_.size(); ++i) {
    auto& one = members_[member][i];
    if (cadences_[i].with_each_poll() && !one.owed) one.last = now;
  }
}

void look_back::polled_in_part(std::size_t member, const member_progress& stands, network_time begin) {
  if (seeded_bug("passed-over-not-owed")) return;
  const auto from = std::max(begin, stands.ledger_from);
  for (std::size_t i = 0; i < cadences_.size(); ++i) {
    auto& one = members_[member][i];
    if (!cadences_[i].with_each_poll() || one.owed || one.passed_over || from >= stands.position) continue;
    one.passed_over = from;
  }
}

void look_back::postpone(network_time now, std::chrono::seconds at_least) {
  postponed_ = time_range{now, now + std::max<std::chrono::seconds>(deep_reread_again_after, at_least)};
}

// Nothing older than the ledger knows: it could not be compared.
network_time look_back::begin_of(const re_read& cadence, const member_progress& stands) const {
  return std::max(stands.ledger_from, bucket_floor(stands.position - cadence.back, interval_));
}

}  // namespace oes
