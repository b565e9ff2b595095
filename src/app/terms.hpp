#pragma once
// The daemon's terms of leadership, one after another, until it stops or an operator has to act.
#include <boost/asio/awaitable.hpp>

#include "app/config_reload.hpp"
#include "app/exit_code.hpp"
#include "app/parts.hpp"
#include "app/request_queue.hpp"
#include "app/term.hpp"

namespace oes {

/// What the process ends with. `file`: progress as the file had it at start.
boost::asio::awaitable<exit_code> run_terms(parts& all, request_queue& requests, config_reload& config, run_mode mode,
                                            found_progress file);

/// One cycle that was stopped is not through.
inline exit_code when_stopped(run_mode mode) { return mode == run_mode::once ? exit_failure : exit_ok; }

}  // namespace oes
