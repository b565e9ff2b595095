#pragma once
// `${VAR}` in a configuration's scalars.
#include <string>
#include <string_view>

#include "config/loader.hpp"

namespace oes {

struct expansion {
  std::string text;
  std::string fault;  ///< empty: fine. Never quotes the scalar, which may be a secret
};

/// `${VAR}` (must be set), `${VAR:-default}` (unset or empty), `${VAR:?message}` (a fault when unset or empty),
/// `$$` → `$`. Any other `$` stands for itself. A default is taken as it is, without expansion inside.
expansion expand(std::string_view scalar, const environment& env);

}  // namespace oes
