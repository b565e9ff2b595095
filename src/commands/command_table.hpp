#pragma once
// Every command and option as values: what the manual page and the shells' completions are printed from.
#include <CLI/App.hpp>
#include <string>
#include <vector>

namespace oes {

struct table_option {
  std::vector<std::string> names;  // as they are typed: -c, --config
  std::string value;               // FILE, TIME, …; empty: a flag
  std::vector<std::string> choices;
  std::string help;
  std::string initial;  // what holds without it, where that is shown
};

struct table_command {
  std::vector<std::string> path;  // {"progress", "seek"}; empty: the program itself, whose options every command takes
  std::string help;
  std::vector<table_option> options;
};

struct command_table {
  std::string program;
  std::string footer;                   // of --help: blocks of lines, each after its title
  std::vector<table_command> commands;  // the program first, each command before its own
};

command_table table_of(const CLI::App& app);

/// `progress seek`; empty for the program.
std::string path_text(const table_command& command);
/// The commands directly under this one.
std::vector<const table_command*> children(const command_table& table, const table_command& parent);
/// Of a help text, what fits beside a word in a list.
std::string first_sentence(const std::string& help);

}  // namespace oes
