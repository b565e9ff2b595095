#pragma once
// Completions for shells, printed from the table of commands: scripts to be put where the shell looks for them
// (docs/cli.md).
#include <string>

#include "commands/command_table.hpp"

namespace oes {

std::string bash_completion(const command_table& table);
std::string zsh_completion(const command_table& table);
std::string fish_completion(const command_table& table);

}  // namespace oes
