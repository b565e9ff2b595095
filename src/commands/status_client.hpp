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

enum class ink { plain, coloured };
/// The JSON of /status.json for a terminal: health and its reasons first, then a table.
std::string status_as_text(const std::string& json, ink how = ink::plain);

/// Whether that JSON is of a daemon of this deployment, and of this process. Empty: whichever it is.
bool is_status_of(const std::string& json, const std::string& deployment, const std::string& pid);

/// The reasons of bad health in that JSON, a line each; empty: the daemon is ready.
std::string why_not_ready(const std::string& json);

}  // namespace oes
