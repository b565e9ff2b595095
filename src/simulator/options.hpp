#pragma once
// The simulator's command line.
#include <optional>
#include <string>
#include <vector>

#include "simulator/api.hpp"
#include "simulator/faults.hpp"
#include "simulator/gate.hpp"
#include "simulator/realism.hpp"
#include "simulator/server.hpp"

namespace oes::sim {

struct options {
  server_settings server;
  api_settings api;
  realism how;
  std::vector<key_settings> keys;
  bool limit_rate = true;
  bool fixed_world = false;
  int history_days = 70;
  int facilities_per_fueltech = 1;
  std::vector<fault_rate> faults;
  std::string port_file;
  std::string served_log;
};

/// Parses and checks. On `--help` or a mistake it prints and sets `exit_code`.
std::optional<options> parse_options(int argc, const char* const* argv, int& exit_code);

}  // namespace oes::sim
