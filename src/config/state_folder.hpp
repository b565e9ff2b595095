#pragma once
// Where a user's programs keep what they must not lose. Pure.
#include <string>

#include "config/expand.hpp"

namespace oes {

/// Ours in $XDG_STATE_HOME, else in ~/.local/state (XDG Base Directory Specification 0.8). Empty: neither is known.
std::string state_folder_of_user(const environment& env);

}  // namespace oes
