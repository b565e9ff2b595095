#pragma once
// What `--help` tells beside commands and options.
#include <string>

namespace oes {

/// Exit codes and environment variables, a line each; the variables from the table of keys.
std::string help_footer();

}  // namespace oes
