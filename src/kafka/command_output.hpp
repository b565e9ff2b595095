#pragma once
// What a command of the operator's prints. Blocking, with a deadline.
#include <chrono>
#include <string>

#include "model/error.hpp"

namespace oes {

/// By `/bin/sh -c`, without input, until the shell ends, whatever it has started; what it says on stderr goes to ours.
/// Errors: timed_out (it is killed), malformed
/// (more than 64 KiB), network_error (it cannot be run, or ends with another code than 0). None repeats its output.
result<std::string> output_of_command(const std::string& command, std::chrono::milliseconds patience);

}  // namespace oes
