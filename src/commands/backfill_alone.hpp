#pragma once
// A backfill with no daemon running: the command takes lock and leadership, does it, and resigns.
#include <functional>

#include "commands/edit_alone.hpp"
#include "operate/job_progress.hpp"

namespace oes {

/// `confirm` sees the estimate and says whether to go on; anything but ok ends the command with that code. What became
/// of it is on stdout or stderr. The first SIGINT or SIGTERM ends it at the next step, cleanly.
exit_code backfill_alone(configuration config, job asked, const confirmation& confirm,
                         const std::function<void(const job_progress&)>& news, const std::function<void()>& news_end);

}  // namespace oes
