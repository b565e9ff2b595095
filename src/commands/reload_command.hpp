#pragma once
// `reload`: the running daemon reads its configuration file again.
#include "app/exit_code.hpp"
#include "config/loader.hpp"

namespace oes {

/// Waits until the daemon has taken it over or refused it; every reason goes to stderr.
exit_code reload_daemon(const config_source& file);

}  // namespace oes
