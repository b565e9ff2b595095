#pragma once
// Control socket server: a Unix stream socket (0600) in progress_path. A line of JSON asks, a line of JSON answers;
// a job that takes its time sends lines of progress before its answer, one every ten seconds at least.
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <string>

#include "model/error.hpp"
#include "operate/job.hpp"
#include "operate/job_wire.hpp"
#include "telemetry/log.hpp"

namespace oes {

/// Does a job, or says why not. Runs on the server's executor; may be cancelled. By the wire it may tell how far it is,
/// and learns when nobody listens any more.
using job_handler = std::function<boost::asio::awaitable<job_answer>(job, std::shared_ptr<job_wire>)>;

/// Serves until cancelled; a few sessions at a time, one job each. `listening` is called once the socket is there. To
/// be called by the holder of the lock file alone: a socket that is there already is a dead daemon's and is replaced.
/// io_error: the socket cannot be made.
boost::asio::awaitable<result<void>> serve_jobs(std::string folder, job_handler handle, logger& log,
                                                std::function<void()> listening = {});

}  // namespace oes
