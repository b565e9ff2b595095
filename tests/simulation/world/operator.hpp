#pragma once
// What an operator does where daemons refuse to go on: every daemon stopped, a command, and all of them started again.
#include "config/configuration.hpp"
#include "operate/job.hpp"
#include "simulation/api/simulated_source.hpp"
#include "simulation/world/instance.hpp"

namespace oes::simulation {

/// Runs the command with no daemon running, as the first thread of `handle.of`.
void run_command_in(daemon_handle& handle, const configuration& config, job asked);
/// `progress verify`, beside whatever runs.
void run_verify_in(daemon_handle& handle, const configuration& config);

}  // namespace oes::simulation
