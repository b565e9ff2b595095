#pragma once
// What a command of the operator's prints. Blocking, with a deadline.
#include <chrono>
#include <functional>
#include <string>

#include "model/error.hpp"

namespace oes {

/// As which facility such a line goes to a client's log, among librdkafka's own.
inline constexpr auto token_command_facility = "TOKENCMD";

/// Takes a line of what a command says on stderr: text for people, 1 KiB at most.
using stderr_listener = std::function<void(const std::string& line)>;

/// By `/bin/sh -c`, without input, until the shell ends, whatever it has started. The first twenty lines of its stderr
/// are told before this returns. Errors: timed_out (it is killed), malformed (more than 64 KiB), network_error (it
/// cannot be run, or ends with another code than 0). None repeats its output.
result<std::string> output_of_command(const std::string& command, std::chrono::milliseconds patience,
                                      const stderr_listener& says);

}  // namespace oes
