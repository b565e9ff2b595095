#include "pipeline/look_back.hpp"

#include <algorithm>

#include "schedule/due.hpp"

namespace oes {
namespace {

constexpr auto wide_again_after = std::chrono::minutes(15);

}  // namespace

look_back::look_back(std::vector<re_read> cadences, interval_size interval, std::size_t members)
    : cadences_(std::move(cadences)),
      interval_(interval),
      last_(members, std::vector<std::optional<network_time>>(cadences_.size())) {}

bool look_back::wide_is_due(const std::vector<std::size_t>& members, network_time now) const {
  // Further away than it can have been put: the clock was corrected since.
  if (not_before_ && now < *not_before_ && *not_before_ - now <= wide_again_after) return false;
  return std::any_of(members.begin(), members.end(), [&](std::size_t member) {
    for (std::size_t i = 0; i < cadences_.size(); ++i) {
      if (!cadences_[i].with_each_poll() && is_due(cadences_[i], last_[member][i], now)) return true;
    }
    return false;
  });
}

network_time look_back::begin(std::size_t member, const member_progress& stands, network_time now, bool wide) const {
  auto from = stands.position;
  for (std::size_t i = 0; i < cadences_.size(); ++i) {
    if (!cadences_[i].with_each_poll() && !(wide && is_due(cadences_[i], last_[member][i], now))) continue;
    from = std::min(from, begin_of(cadences_[i], stands));
  }
  return from;
}

void look_back::done(std::size_t member, const member_progress& stands, network_time from, network_time now) {
  for (std::size_t i = 0; i < cadences_.size(); ++i) {
    if (from <= begin_of(cadences_[i], stands)) last_[member][i] = now;
  }
}

void look_back::postpone(network_time now) {
  not_before_ = now + wide_again_after;
  under_way.reset();
}

// Nothing older than the ledger knows: it could not be compared.
network_time look_back::begin_of(const re_read& cadence, const member_progress& stands) const {
  return std::max(stands.ledger_from, bucket_floor(stands.position - cadence.back, interval_));
}

}  // namespace oes
