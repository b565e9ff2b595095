#include "commands/printed_commands.hpp"

#include <CLI/CLI.hpp>
#include <iostream>

#include "commands/completion.hpp"
#include "commands/manual_page.hpp"
#include "model/version.hpp"

namespace oes {

std::function<std::optional<exit_code>()> add_printed_commands(CLI::App& app) {
  auto* manual = app.add_subcommand("man", "Print the manual page, for man(1)");
  auto* completion = app.add_subcommand("completion", "Print the completion of a shell");
  completion->require_subcommand(1);
  auto* bash = completion->add_subcommand("bash", "For bash: source it, or put it beside bash's completions");
  auto* zsh = completion->add_subcommand("zsh", "For zsh: a file _openelectricity-stream in a folder of $fpath");
  completion->add_subcommand("fish", "For fish: a file openelectricity-stream.fish in its folder of completions");
  return [=, &app]() -> std::optional<exit_code> {
    if (!*manual && !*completion) return std::nullopt;
    const auto table = table_of(app);
    if (*manual) {
      std::cout << manual_page(table, std::string(version()));
    } else {
      std::cout << (*bash ? bash_completion(table) : *zsh ? zsh_completion(table) : fish_completion(table));
    }
    return std::cout.flush() ? exit_ok : exit_failure;
  };
}

}  // namespace oes
