#pragma once
// `backfill …`: by the running daemon, else by the command itself.
#include <CLI/CLI.hpp>
#include <functional>
#include <optional>
#include <string>

#include "app/exit_code.hpp"
#include "config/loader.hpp"
#include "operate/job.hpp"

namespace oes {

struct backfill_options {
  job asked;
  bool dry_run = false;
  bool yes = false;
};

/// Adds the command. What it returns runs it where it was chosen; `chosen` must outlive it, and so must `app`.
std::function<std::optional<exit_code>(const config_source& file)> add_backfill(CLI::App& app,
                                                                                backfill_options& chosen);

}  // namespace oes
