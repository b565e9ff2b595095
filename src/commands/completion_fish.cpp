#include "commands/completion.hpp"
#include "commands/completion_words.hpp"

namespace oes {
namespace {

// Fish reads a backslash and a quote after a backslash, also between single quotes.
std::string fish_quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  return out + "'";
}

/// The part of a command line that this command's own words follow.
std::string where_typed(const table_command& command) {
  std::string out;
  for (const auto& word : command.path) {
    out += (out.empty() ? "" : "; and ") + std::string("__fish_seen_subcommand_from ") + word;
  }
  return out;
}

std::string completion_line(const command_table& table, const std::string& where, const std::string& rest,
                            const std::string& help) {
  const auto condition = where.empty() ? "" : " -n " + fish_quoted(where);
  return "complete -c " + table.program + condition + rest + " -d " + fish_quoted(first_sentence(help)) + "\n";
}

std::string names_of(const table_option& option) {
  std::string out;
  for (const auto& name : option.names) {
    const bool is_long = name.starts_with("--");
    out += is_long ? " -l " + name.substr(2) : " -s " + name.substr(1);
  }
  return out;
}

std::string value_of(const table_option& option) {
  if (option.value.empty()) return "";
  if (option.value == "FILE") return " -r -F";
  return option.choices.empty() ? " -x" : " -x -a " + fish_quoted(joined(option.choices, " "));
}

std::string commands_below(const command_table& table, const table_command& command) {
  const auto below = children(table, command);
  std::vector<std::string> words;
  words.reserve(below.size());
  for (const auto* one : below) words.push_back(one->path.back());
  const auto typed = where_typed(command);
  const auto where = (typed.empty() ? "" : typed + "; and ") + "not __fish_seen_subcommand_from " + joined(words, " ");
  std::string out;
  for (const auto* one : below) out += completion_line(table, where, " -a " + one->path.back(), one->help);
  return out;
}

}  // namespace

std::string fish_completion(const command_table& table) {
  auto out =
      "# fish completion, printed by `" + table.program + " completion fish`\ncomplete -c " + table.program + " -f\n";
  for (const auto& command : table.commands) {
    out += commands_below(table, command);
    for (const auto& option : command.options) {
      out += completion_line(table, where_typed(command), names_of(option) + value_of(option), option.help);
    }
  }
  return out;
}

}  // namespace oes
