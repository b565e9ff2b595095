#include "commands/command_table.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <sstream>

namespace oes {
namespace {

// CLI11 keeps the choices of an option in the name of its type only: `TEXT:{kafka,file}`.
std::vector<std::string> choices_in(const std::string& type) {
  const auto open = type.find('{');
  const auto close = type.find('}', open);
  if (open == std::string::npos || close == std::string::npos) return {};
  std::vector<std::string> found;
  std::istringstream list(type.substr(open + 1, close - open - 1));
  for (std::string one; std::getline(list, one, ',');) found.push_back(std::move(one));
  std::sort(found.begin(), found.end());
  return found;
}

table_option entry(const CLI::Option& option) {
  table_option out;
  for (const auto& name : option.get_snames()) out.names.push_back("-" + name);
  for (const auto& name : option.get_lnames()) out.names.push_back("--" + name);
  out.help = option.get_description();
  if (option.get_items_expected_max() == 0) return out;
  const auto type = option.get_type_name();
  out.choices = choices_in(type);
  out.value = out.choices.empty() ? type.substr(0, type.find(':')) : "CHOICE";
  // Of choices CLI11 keeps their number, which says nothing.
  if (out.choices.empty()) out.initial = option.get_default_str();
  return out;
}

void add(const CLI::App& app, const std::vector<std::string>& path, std::vector<table_command>& into) {
  table_command out{path, app.get_description(), {}};
  for (const auto* option : app.get_options()) {
    // Each command has its own --help; the program's stands for all.
    if (path.empty() || option != app.get_help_ptr()) out.options.push_back(entry(*option));
  }
  into.push_back(std::move(out));
  for (const auto* below : app.get_subcommands([](const CLI::App*) { return true; })) {
    auto deeper = path;
    deeper.push_back(below->get_name());
    add(*below, deeper, into);
  }
}

}  // namespace

command_table table_of(const CLI::App& app) {
  command_table out{app.get_name(), app.get_footer(), {}};
  add(app, {}, out.commands);
  return out;
}

std::string path_text(const table_command& command) {
  std::string out;
  for (const auto& word : command.path) out += (out.empty() ? "" : " ") + word;
  return out;
}

std::vector<const table_command*> children(const command_table& table, const table_command& parent) {
  std::vector<const table_command*> found;
  for (const auto& one : table.commands) {
    const bool is_deeper = one.path.size() == parent.path.size() + 1;
    if (is_deeper && std::equal(parent.path.begin(), parent.path.end(), one.path.begin())) found.push_back(&one);
  }
  return found;
}

std::string first_sentence(const std::string& help) {
  const auto end = std::min({help.find(". "), help.find("; "), help.find(": "), help.find(" (")});
  return help.substr(0, end);
}

}  // namespace oes
