#include "commands/completion_words.hpp"

#include <algorithm>

namespace oes {

std::string joined(const std::vector<std::string>& words, const std::string& between) {
  std::string out;
  for (const auto& word : words) out += (out.empty() ? "" : between) + word;
  return out;
}

std::string script_path(const table_command& command) {
  std::string out;
  for (const auto& word : command.path) out += "/" + word;
  return out;
}

std::string script_paths(const command_table& table) {
  std::vector<std::string> all;
  for (const auto& command : table.commands) {
    if (!command.path.empty()) all.push_back(script_path(command));
  }
  return joined(all, "|");
}

std::string names_with_value(const command_table& table) {
  std::vector<std::string> all;
  for (const auto& command : table.commands) {
    for (const auto& option : command.options) {
      if (option.value.empty()) continue;
      for (const auto& name : option.names) {
        if (std::find(all.begin(), all.end(), name) == all.end()) all.push_back(name);
      }
    }
  }
  return joined(all, "|");
}

std::string value_pattern(const table_command& command, const table_option& option) {
  std::vector<std::string> all;
  for (const auto& name : option.names) {
    all.push_back((command.path.empty() ? "*" : script_path(command)) + ":" + name);
  }
  return joined(all, "|");
}

std::string in_quotes(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

}  // namespace oes
