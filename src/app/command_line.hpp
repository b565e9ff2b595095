#pragma once
// The command line: which command, with which options (product.md §4).
#include "app/exit_code.hpp"

namespace oes {

/// Parses, runs the command, returns the exit code. Usage faults print one line and return exit_usage.
int run_command_line(int argc, char** argv);

}  // namespace oes
