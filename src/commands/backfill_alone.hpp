#pragma once
// A backfill with no daemon running.
#include <functional>

#include "app/exit_code.hpp"
#include "commands/plan_consent.hpp"
#include "config/configuration.hpp"
#include "operate/job.hpp"
#include "operate/job_progress.hpp"

namespace oes {

/// Who hears how far it is.
struct news_of {
  std::function<void(const job_progress&)> each;
  std::function<void()> end;
};

/// `confirm` sees the estimate and says whether to go on; anything but ok ends the command with that code. What became
/// of it is on stdout or stderr. The first SIGINT or SIGTERM ends it at the next step, cleanly.
exit_code backfill_alone(configuration config, job asked, const confirmation& confirm, const news_of& told);

}  // namespace oes
