#pragma once
// `status` and `healthcheck`: what the running daemon says of itself.
#include "app/exit_code.hpp"
#include "config/loader.hpp"

namespace oes {

enum class status_form { table, json };
/// From the daemon, else what `progress show` knows.
exit_code show_status(const config_source& file, status_form form);
/// The table again and again, until the process is told to end. Returns where the configuration cannot be read.
exit_code watch_status(const config_source& file);

enum class health_question { alive, ready };
/// exit_failure, with the reason on stderr, unless the daemon says yes.
exit_code check_health(const config_source& file, health_question asked);

}  // namespace oes
