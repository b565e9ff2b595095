#pragma once
// What the completions of bash and zsh have in common: both walk over the words typed so far, and then offer words.
#include <string>
#include <vector>

#include "commands/command_table.hpp"

namespace oes {

/// `/progress/seek`; empty for the program: how the scripts remember which command was typed.
std::string script_path(const table_command& command);
/// All of them but the program itself, joined by `|`: the alternatives of a `case`.
std::string script_paths(const command_table& table);
/// All names of options that take a value, joined by `|`.
std::string names_with_value(const command_table& table);
/// `/schema:--format`, or `*:--config` of an option that every command takes; the names of one option joined by `|`.
std::string value_pattern(const table_command& command, const table_option& option);
/// In single quotes, for a shell.
std::string in_quotes(const std::string& text);
std::string joined(const std::vector<std::string>& words, const std::string& between);

}  // namespace oes
