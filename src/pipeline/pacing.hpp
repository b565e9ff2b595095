#pragma once
// One request group's rhythm at the live edge: what it has learnt of its arrivals, and its place in the
// ration, which all groups share. No I/O.
#include <chrono>
#include <optional>

#include "groups/cycle_outcome.hpp"
#include "groups/group_state.hpp"
#include "model/correction_watch.hpp"
#include "model/moment.hpp"
#include "report/rhythm.hpp"
#include "schedule/arrival.hpp"
#include "schedule/late_bucket.hpp"
#include "schedule/rationing.hpp"
#include "schedule/schedule_settings.hpp"
#include "schedule/trigger.hpp"

namespace oes {

/// When the live edge is asked for next.
struct live_pace {
  std::chrono::microseconds wait;          ///< until then
  std::chrono::seconds between_fruitless;  ///< between two requests that bring nothing, by what the day's credits bear
  rhythm at_edge;
  credit_outlook credits;  ///< by which that is so
};

class pacing {
 public:
  /// Joins the ration. `scatter`: the group's share of the trigger's jitter, in [0, 1).
  pacing(const request_group& group, const schedule_settings& settings, double scatter, rationing& budget);

  /// A cycle that began at `asked` ended so, and left the members where they stand; `at`: now, by what its answer told
  /// of the time.
  live_pace after(const cycle_outcome& outcome, run_time asked, const group_state& state, const moment& at);
  /// By what is known already.
  live_pace next(const moment& at);

 private:
  void stands(const group_state& state, utc_time now);
  void see_rows(const cycle_outcome& outcome, const group_state& state, run_time now);
  [[nodiscard]] std::chrono::seconds without_rows(run_time now) const;
  [[nodiscard]] std::chrono::seconds nothing_sooner(run_time now) const;
  void polled(run_time asked, cycle_end end, const group_state& state, const moment& at);
  [[nodiscard]] rhythm at_edge(std::chrono::seconds every, std::chrono::seconds granted) const;
  [[nodiscard]] std::chrono::seconds expected_lag(std::chrono::seconds granted) const;
  void see_time(const moment& at);

  bool learns_;
  network net_;
  interval_size interval_;
  trigger_settings trigger_;
  double scatter_;
  std::chrono::seconds step_;
  std::chrono::seconds held_back_;  ///< closed labels wait so long
  arrival_model arrivals_;
  late_bucket late_;  ///< of 1h and more
  rationing& budget_;
  std::size_t seat_;
  std::optional<run_time> last_poll_;
  std::optional<run_time>
      rowless_since_;  ///< nothing that was asked for ever had a row, up to the live edge: since then
  correction_watch time_;
};

}  // namespace oes
