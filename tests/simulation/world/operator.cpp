#include "simulation/world/operator.hpp"

#include <iostream>

#include "commands/edit_alone.hpp"
#include "commands/progress_commands.hpp"

namespace oes::simulation {

void run_command_in(daemon_handle& handle, const configuration& config, job asked) {
  std::cout.setstate(std::ios::failbit);  // what it says there is for people
  handle.code =
      operate_alone(config, std::move(asked), [](const job_answer& plan) { return static_cast<exit_code>(plan.exit); });
  handle.ended = true;
}

void run_verify_in(daemon_handle& handle, const configuration& config) {
  std::cout.setstate(std::ios::failbit);
  handle.code = verify_progress(config, "");
  handle.ended = true;
}

}  // namespace oes::simulation
