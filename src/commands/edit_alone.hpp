#pragma once
// A job on progress with no daemon running: the command takes lock and leadership, does it, and resigns.
#include <functional>

#include "app/exit_code.hpp"
#include "config/configuration.hpp"
#include "operate/job.hpp"

namespace oes {

/// Shows what a job would do and asks. ok: go on.
using confirmation = std::function<exit_code(const job_answer& plan)>;

/// The command is no daemon: it says little, serves nothing and does not stand by.
configuration for_a_command(configuration config);

/// errc of the last step as exit code; what happened is on stdout or stderr. The plan is shown and confirmed before
/// this process leads, and made again once it does.
exit_code operate_alone(configuration config, job asked, const confirmation& confirm);

}  // namespace oes
