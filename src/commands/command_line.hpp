#pragma once
// The command line: which command, with which options (docs/cli.md).
#include <string>
#include <vector>

#include "app/exit_code.hpp"

namespace oes {

/// Parses, runs the command, returns the exit code. Usage faults print one line and return exit_usage.
int run_command_line(int argc, char** argv);

/// Why these arguments (without the program's name) are not accepted; empty: they are. Runs nothing.
std::string fault_of_command_line(std::vector<std::string> arguments);

}  // namespace oes
