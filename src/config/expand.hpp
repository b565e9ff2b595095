#pragma once
// `${VAR}` in a configuration's scalars.
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace oes {

/// Reads an environment variable; a parameter so that tests need no real environment.
using environment = std::function<std::optional<std::string>(const std::string&)>;

struct expansion {
  std::string text;
  std::string fault;  ///< empty: fine. Never quotes the scalar, which may be a secret
};

/// `${VAR}` (must be set), `${VAR:-default}` (unset or empty), `${VAR:?message}` (a fault when unset or empty),
/// `$$` → `$`. Any other `$` stands for itself. A default is taken as it is, without expansion inside.
expansion expand(std::string_view scalar, const environment& env);

}  // namespace oes
