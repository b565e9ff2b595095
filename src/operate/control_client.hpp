#pragma once
// A command's way to the running daemon.
#include <chrono>
#include <functional>
#include <string>

#include "model/error.hpp"
#include "operate/job.hpp"
#include "operate/job_progress.hpp"

namespace oes {

/// Blocking. `news`: called with each line of progress. network_error: no daemon runs on this progress_path (no socket,
/// or a dead daemon's). timed_out: one does, but nothing came from it for `patience`. malformed: what answered is not a
/// daemon of this release.
result<job_answer> ask_writer(const std::string& folder, const job& asked, std::chrono::seconds patience,
                              const std::function<void(const job_progress&)>& news = {});

/// For the holder of the lock file: a socket that is still there is a dead daemon's.
void remove_dead_socket(const std::string& folder);

}  // namespace oes
