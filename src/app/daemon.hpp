#pragma once
// The daemon from start to stop.
#include <chrono>

#include "app/config_reload.hpp"
#include "app/exit_code.hpp"
#include "app/term.hpp"
#include "config/configuration.hpp"

namespace oes {

/// `patience`: of run_mode::once, with a start in which nothing moves; it ends with exit_failure then, as it does when
/// it is stopped before it is through.
exit_code run_daemon(const configuration& config, config_origin origin, run_mode mode,
                     std::chrono::milliseconds patience = std::chrono::minutes(2));

}  // namespace oes
