#pragma once
// `man` and `completion`: what is printed from the command line itself.
#include <functional>
#include <optional>

#include "app/exit_code.hpp"

namespace CLI {
class App;
}

namespace oes {

/// `app` outlives what is returned. nullopt: another command was given.
std::function<std::optional<exit_code>()> add_printed_commands(CLI::App& app);

}  // namespace oes
