#pragma once
// Whether a configuration that was read again would do: all that is asked before anything of it is taken over. And the
// answers of those who say no.
#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <vector>

#include "app/topic_schemas.hpp"
#include "async/clock.hpp"
#include "config/config_changes.hpp"
#include "config/configuration.hpp"
#include "files/disk_worker.hpp"
#include "model/redactor.hpp"
#include "operate/job.hpp"
#include "telemetry/log.hpp"

namespace oes {

/// What it is tried with.
struct trial_context {
  time_source& clock;
  logger& log;
  const redactor& secrets;
  disk_worker& key_file;
  topic_schemas& schemas;
};

/// nullopt: it would do, and topics that it lacks were made. Else why not, or why that cannot be told now. `home`: the
/// cluster outside which nothing is made.
boost::asio::awaitable<std::optional<job_answer>> try_configuration(trial_context by, const configuration& wanted,
                                                                    const config_changes& changes, std::string home);

job_answer not_reloaded(const std::string& why);
job_answer reload_refused(std::vector<std::string> why);

}  // namespace oes
