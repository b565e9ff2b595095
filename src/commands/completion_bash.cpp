#include "commands/completion.hpp"
#include "commands/completion_words.hpp"

namespace oes {
namespace {

std::string offers_of(const command_table& table, const table_command& command) {
  std::vector<std::string> words;
  for (const auto* below : children(table, command)) words.push_back(below->path.back());
  for (const auto& option : command.options) words.insert(words.end(), option.names.begin(), option.names.end());
  if (!command.path.empty()) {
    for (const auto& option : table.commands.front().options) {
      words.insert(words.end(), option.names.begin(), option.names.end());
    }
  }
  return joined(words, " ");
}

std::string bash_case(const table_command& command, const table_option& option) {
  std::string does = "return";
  if (!option.choices.empty()) does = "offered=" + in_quotes(joined(option.choices, " "));
  if (option.value == "FILE")
    does = "compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- \"$current\"); return";
  return "    " + value_pattern(command, option) + ") " + does + " ;;\n";
}

}  // namespace

std::string bash_completion(const command_table& table) {
  std::string values;
  std::string offers;
  for (const auto& command : table.commands) {
    for (const auto& option : command.options) {
      if (!option.value.empty()) values += bash_case(command, option);
    }
    offers +=
        "      " + in_quotes(script_path(command)) + ") offered=" + in_quotes(offers_of(table, command)) + " ;;\n";
  }
  const auto& program = table.program;
  return "# bash completion, printed by `" + program + " completion bash`\n" +
         R"(_openelectricity_stream() {
  local current=${COMP_WORDS[COMP_CWORD]} typed='' offered='' place
  for ((place = 1; place < COMP_CWORD; place++)); do
    case ${COMP_WORDS[place - 1]} in )" +
         names_with_value(table) + R"() continue ;; esac
    case $typed/${COMP_WORDS[place]} in )" +
         script_paths(table) + R"() typed=$typed/${COMP_WORDS[place]} ;; esac
  done
  COMPREPLY=()
  case $typed:${COMP_WORDS[COMP_CWORD - 1]} in
)" + values +
         R"(  esac
  if [ -z "$offered" ]; then
    case $typed in
)" + offers +
         R"(    esac
  fi
  mapfile -t COMPREPLY < <(compgen -W "$offered" -- "$current")
}
complete -F _openelectricity_stream )" +
         program + "\n";
}

}  // namespace oes
