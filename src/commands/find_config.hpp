#pragma once
// Where a command's configuration comes from: its options, the environment, the usual place.
#include <string>

#include "config/loader.hpp"
#include "model/error.hpp"

namespace oes {

/// Configuration: `given` (`-`: standard input, read here), else $OPENELECTRICITY_STREAM_CONFIG, else the text in
/// $OPENELECTRICITY_STREAM_CONFIG_YAML, else the file under /etc where it exists, else none. Environment: the
/// process's, behind what `env_file` sets (empty: none). Error: bad_config.
result<config_source> find_config(const std::string& given, const std::string& env_file);

/// The same of an environment, for tests: nothing is read but standard input.
result<config_source> config_named_by(const std::string& given, environment env, const std::string& usual_place);

}  // namespace oes
