#pragma once
// The text of a configuration, whole or not at all.
#include <cstddef>
#include <string>

#include "model/error.hpp"

namespace oes {

/// Error: bad_config, without the path. Only a regular file of at most 512 KiB is read.
result<std::string> read_config_file(const std::string& path);
/// The same of standard input, to its end.
result<std::string> read_config_input();
/// Of other files that are given by hand, where who reads the text has a bound of its own: nothing behind `at_most`
/// bytes is read.
result<std::string> read_given_file(const std::string& path, std::size_t at_most);
result<std::string> read_given_input(std::size_t at_most);

}  // namespace oes
