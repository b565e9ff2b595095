#pragma once
// How far back a stream is asked for again, and how often: the API revises values for days (api.md §6).
#include <chrono>
#include <optional>
#include <vector>

#include "model/interval.hpp"
#include "model/network.hpp"

namespace oes {

/// One cadence. Neither `every` nor `at`: with each poll.
struct re_read {
  std::chrono::seconds back{};                ///< before the stream's position
  std::optional<std::chrono::seconds> every;  ///< at most this often
  std::vector<std::chrono::seconds> at;       ///< times of day, network time
  [[nodiscard]] bool with_each_poll() const { return !every && at.empty(); }
  bool operator==(const re_read&) const = default;
};

/// What suits the API's own revisions: 5m: 1 h with each poll, 12 h two-hourly, 72 h daily at 06:00 (WEM: twice). 1h
/// and 1d: the last three buckets, and daily seven days' worth. 7d: three weeks with each new one. 7d and longer: the
/// last bucket, every three days.
std::vector<re_read> usual_re_reads(network net, interval_size interval);

/// The farthest `back`: what is older is not compared any more.
std::chrono::seconds horizon_of(const std::vector<re_read>& cadences);

}  // namespace oes
