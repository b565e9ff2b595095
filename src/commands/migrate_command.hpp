#pragma once
// `migrate`: options and progress of the replaced source into a configuration of ours.
#include <CLI/App.hpp>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/exit_code.hpp"
#include "migrate/migration.hpp"

namespace oes {

struct migrate_options {
  std::vector<std::string> options;   ///< files; `-` is standard input
  std::vector<std::string> progress;  ///< files or folders, one a job in their order, or one for all; `none`
  std::string out;                    ///< empty: standard output
  std::string since;                  ///< empty: a day before the progress
  bool keep_batch_size = false;
};

/// Adds the command; runs it where it was chosen.
std::function<std::optional<exit_code>()> add_migrate(CLI::App& app, migrate_options& chosen);

}  // namespace oes
