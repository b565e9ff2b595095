#include "commands/completion.hpp"
#include "commands/completion_words.hpp"

namespace oes {
namespace {

std::string described(const std::string& word, const std::string& help) {
  return " " + in_quotes(word + ":" + first_sentence(help));
}

std::string options_in(const table_command& command) {
  std::string out;
  for (const auto& option : command.options) {
    for (const auto& name : option.names) out += described(name, option.help);
  }
  return out;
}

std::string offers_case(const command_table& table, const table_command& command) {
  std::string below;
  for (const auto* one : children(table, command)) below += described(one->path.back(), one->help);
  const auto every = command.path.empty() ? "" : options_in(table.commands.front());
  return "  (" + in_quotes(script_path(command)) + ") commands=(" + below + " ); options=(" + options_in(command) +
         every + " ) ;;\n";
}

std::string zsh_case(const table_command& command, const table_option& option) {
  std::string does = "_message " + in_quotes(option.value);
  if (!option.choices.empty()) does = "compadd -- " + joined(option.choices, " ");
  if (option.value == "FILE") does = "_files";
  return "  (" + value_pattern(command, option) + ") " + does + "; return ;;\n";
}

}  // namespace

std::string zsh_completion(const command_table& table) {
  std::string values;
  std::string offers;
  for (const auto& command : table.commands) {
    for (const auto& option : command.options) {
      if (!option.value.empty()) values += zsh_case(command, option);
    }
    offers += offers_case(table, command);
  }
  return "#compdef " + table.program + "\n# zsh completion, printed by `" + table.program + " completion zsh`\n" +
         R"(local typed='' place
local -a commands options
for ((place = 2; place < CURRENT; place++)); do
  case $words[place-1] in ()" +
         names_with_value(table) + R"() continue ;; esac
  case $typed/$words[place] in ()" +
         script_paths(table) + R"() typed=$typed/$words[place] ;; esac
done
case $typed:$words[CURRENT-1] in
)" + values +
         R"(esac
case $typed in
)" + offers +
         R"(esac
_describe -t commands command commands
_describe -o -t options option options
)";
}

}  // namespace oes
