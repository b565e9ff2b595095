#pragma once
// The daemon from start to stop.
#include "app/exit_code.hpp"
#include "app/term.hpp"
#include "config/configuration.hpp"

namespace oes {

exit_code run_daemon(const configuration& config, run_mode mode);

}  // namespace oes
