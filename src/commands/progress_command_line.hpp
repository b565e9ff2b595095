#pragma once
// The command line of `progress …`.
#include <CLI/CLI.hpp>
#include <functional>
#include <optional>
#include <string>

#include "app/exit_code.hpp"
#include "commands/progress_commands.hpp"
#include "config/loader.hpp"

namespace oes {

struct progress_options {
  job asked;
  bool yes = false;
  bool json = false;
  std::string export_to;
  std::string import_from;
  std::string verified_stream;
};

/// Adds the command and its own commands. What it returns runs the one that was chosen, or returns nullopt when none of
/// them was; `chosen` must outlive it, and so must `app`.
std::function<std::optional<exit_code>(const config_source& file)> add_progress(CLI::App& app,
                                                                                progress_options& chosen);

}  // namespace oes
