#pragma once
// The text of a configuration, whole or not at all.
#include <string>

#include "model/error.hpp"

namespace oes {

/// Error: bad_config, without the path. Only a regular file of at most 512 KiB is read.
result<std::string> read_config_file(const std::string& path);
/// The same of standard input, to its end.
result<std::string> read_config_input();

}  // namespace oes
