#pragma once
// When the next cycle of a request group comes, as the last one ended. Pure.
#include <chrono>

#include "groups/cycle_outcome.hpp"
#include "schedule/backoff.hpp"
#include "schedule/schedule_settings.hpp"

namespace oes {

/// What a group remembers between cycles to decide when the next one comes.
struct retry_state {
  retry_state(const schedule_settings& settings, double scatter_share);
  /// The API has given an answer that can be used.
  void answered();
  backoff retry;
  bool gave_up = false;  ///< since it last did, an interval was passed over
  double scatter;        ///< the group's fixed share of the trigger jitter, in [0, 1)
};

/// How long a group waits when all is well.
struct poll_pauses {
  std::chrono::microseconds live{0};     ///< until its next poll at the live edge is due
  std::chrono::microseconds granted{0};  ///< between two polls, by its share of the day's credits
};

/// How long the group waits: `usual.live`, or what a failure asks for. Only a usable answer ends a backoff: neither a
/// cycle without a request nor an interval that was given up tells that trouble is over. `uniform` in [0, 1) is a
/// random number for the backoff's jitter.
std::chrono::microseconds next_pause(const cycle_outcome& outcome, retry_state& memory, poll_pauses usual,
                                     const schedule_settings& settings, double uniform);

}  // namespace oes
