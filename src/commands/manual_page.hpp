#pragma once
// The manual page, printed from the table of commands.
#include <string>

#include "commands/command_table.hpp"

namespace oes {

/// Section 1, for man(1). `version`: shown at the foot of the page.
std::string manual_page(const command_table& table, const std::string& version);

}  // namespace oes
