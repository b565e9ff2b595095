#pragma once
// What coroutines that poll go by: the time, what may be asked and when, and who is told.
#include <functional>

#include "async/clock.hpp"
#include "async/event.hpp"
#include "groups/work_watch.hpp"
#include "model/plan_limits.hpp"
#include "report/reporter.hpp"
#include "schedule/rationing.hpp"
#include "schedule/schedule_settings.hpp"

namespace oes {

/// Borrows everything; one per opening of the groups, of which a term has several.
struct poll_context {
  const time_source& clock;
  schedule_settings schedule;
  const plan_limits& limits;  ///< as the plan is known to be: learnt anew while the groups run
  rationing& budget;
  event& tap;                       ///< set: begin nothing more; the groups pause or end
  std::function<double()> uniform;  ///< random numbers in [0, 1)
  reporter& report;
  work_watch work = {};  ///< told what is at work
};

}  // namespace oes
