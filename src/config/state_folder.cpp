#include "config/state_folder.hpp"

namespace oes {

std::string state_folder_of_user(const environment& env) {
  auto base = env("XDG_STATE_HOME").value_or("");
  if (!base.starts_with('/')) {  // a relative one counts as not set, says the specification
    const auto home = env("HOME").value_or("");
    if (!home.starts_with('/')) return "";
    base = home + (home.ends_with('/') ? "" : "/") + ".local/state";
  }
  return base + (base.ends_with('/') ? "" : "/") + "openelectricity-stream";
}

}  // namespace oes
