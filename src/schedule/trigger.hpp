#pragma once
// When a request group polls next: aligned to its trigger interval, a little later, a little scattered.
#include <chrono>

#include "model/time.hpp"

namespace oes {

struct trigger_settings {
  std::chrono::seconds every = std::chrono::minutes(5);
  std::chrono::seconds offset = std::chrono::seconds(70);  ///< after the aligned instant
  std::chrono::seconds jitter = std::chrono::seconds(10);  ///< up to this much later still
};

/// The first trigger strictly after `now`. `scatter` in [0, 1) is the group's own share of the jitter: fixed per group,
/// so that a group polls evenly and groups do not poll together. UTC alignment: all networks' offsets are whole hours.
utc_time next_trigger(utc_time now, const trigger_settings& settings, double scatter);

}  // namespace oes
