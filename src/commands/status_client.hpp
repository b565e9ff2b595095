#pragma once
// Asks the running daemon on its HTTP endpoint.
#include <string>

#include "model/error.hpp"
#include "telemetry/telemetry_settings.hpp"

namespace oes {

struct daemon_reply {
  int status = 0;
  std::string body;
};

/// GET on the daemon's own endpoint, with a deadline of 3 s. network_error when nobody answers.
result<daemon_reply> ask_daemon(const telemetry_settings& settings, const std::string& path);

/// The JSON of /status.json as a table for a terminal.
std::string status_as_text(const std::string& json);

}  // namespace oes
