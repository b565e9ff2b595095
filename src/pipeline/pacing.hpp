#pragma once
// One request group's rhythm at the live edge: what it has learnt of its arrivals, and its place in the ration. Pure.
#include <chrono>

#include "pipeline/group_state.hpp"
#include "pipeline/outcome.hpp"
#include "schedule/arrival.hpp"
#include "schedule/rationing.hpp"
#include "schedule/schedule_settings.hpp"
#include "schedule/trigger.hpp"

namespace oes {

class pacing {
 public:
  /// Joins the ration. `scatter`: the group's share of the trigger's jitter, in [0, 1).
  pacing(const request_group& group, const schedule_settings& settings, double scatter, rationing& budget);

  /// A cycle that began at `asked` ended so.
  void polled(utc_time asked, cycle_end end, const group_state& state);
  /// When the live edge is asked for next.
  utc_time next(utc_time now);
  /// As of the last next().
  [[nodiscard]] std::chrono::seconds granted() const { return pace_.granted; }

 private:
  bool learns_;
  network net_;
  interval_size interval_;
  trigger_settings trigger_;
  double scatter_;
  arrival_model arrivals_;
  rationing& budget_;
  std::size_t seat_;
  poll_pace pace_;
  utc_time last_poll_{};
};

}  // namespace oes
