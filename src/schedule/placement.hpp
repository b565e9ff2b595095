#pragma once
// Where the next live poll of a request group goes: right after an expected arrival, as often as it is granted. Pure.
#include <chrono>
#include <optional>

#include "model/time.hpp"
#include "schedule/arrival.hpp"
#include "schedule/rationing.hpp"
#include "schedule/trigger.hpp"

namespace oes {

/// At fixed triggers: something is late, and is not asked for at each of them.
struct late_pace {
  std::chrono::seconds distance{0};  ///< from one request for it to the next
  utc_time next_close;               ///< what comes in time is not kept waiting: then the next is due
};

struct placement_question {
  utc_time now;
  utc_time last_poll;  ///< when the live edge was last asked for
  poll_pace pace;
  const arrival_model& arrivals;
  bool learned = true;       ///< false: fixed triggers, `pace.granted` apart
  trigger_settings trigger;  ///< where nothing is known yet
  double scatter = 0;        ///< the group's share of the trigger's jitter, in [0, 1)
  std::optional<late_pace> late = {};
};

/// Strictly after `now`.
utc_time place_poll(const placement_question& question);

}  // namespace oes
