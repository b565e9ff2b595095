#pragma once
// Where a command's configuration comes from.
#include <string>

#include "config/loader.hpp"

namespace oes {

struct config_source {
  std::string file;  ///< empty: none, environment and defaults only
  environment env;
};

}  // namespace oes
