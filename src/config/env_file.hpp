#pragma once
// An environment file, read as systemd reads the one of EnvironmentFile=: for commands that run beside a service which
// has its key and its brokers there.
#include <string>
#include <string_view>
#include <vector>

#include "config/expand.hpp"
#include "config/problem_log.hpp"
#include "model/error.hpp"

namespace oes {

struct environment_file {
  environment env;                       ///< what the file sets goes before the outer one
  std::vector<config_problem> left_out;  ///< warnings: assignments that systemd leaves out as well
};

/// Error: bad_config, naming the file; also where systemd takes nothing of it (text that is not UTF-8).
result<environment_file> with_env_file(const std::string& path, environment outer);
/// The same from text.
result<environment_file> with_env_text(std::string_view text, const std::string& file_name, environment outer);

}  // namespace oes
