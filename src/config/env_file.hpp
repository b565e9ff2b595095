#pragma once
// An environment file as systemd's EnvironmentFile= and Docker's --env-file take it, read by commands that run beside a
// service which has its key and its brokers there.
#include <string>
#include <string_view>

#include "config/expand.hpp"
#include "model/error.hpp"

namespace oes {

/// What the file sets goes before `outer`. Error: bad_config, naming file and line.
result<environment> with_env_file(const std::string& path, environment outer);
/// The same from text, for tests.
result<environment> with_env_text(std::string_view text, const std::string& file_name, environment outer);

}  // namespace oes
