#pragma once
// One daemon in a world: everything from its terms of leadership down is the product's own.
#include <functional>
#include <string>

#include "config/configuration.hpp"
#include "config/loader.hpp"
#include "operate/job.hpp"
#include "simulation/api/simulated_source.hpp"
#include "simulation/machine/machine.hpp"
#include "telemetry/health.hpp"

namespace oes::simulation {

/// Of one process. Where that dies, what it points to is left as it was.
struct daemon_handle {
  process* of = nullptr;
  std::function<void()> stop;  ///< SIGTERM; empty before the process listens
  /// A job by the control socket, and what is done with its answer; empty before and after the process listens.
  std::function<void(job, std::function<void(job_answer)>)> ask;
  std::function<health()> judged;  ///< what it says of itself; empty before and after
  bool ended = false;
  int code = 0;
};

/// Runs a daemon to its end, as the first thread of `handle.of`. `load`: what a reload finds.
void run_daemon_in(daemon_handle& handle, const loaded_configuration& found, std::function<loaded_configuration()> load,
                   simulated_api& api);

}  // namespace oes::simulation
