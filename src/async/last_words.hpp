#pragma once
// The end of a process in which something happened that nobody expected: one critical line, without the log and without
// allocation (memory may be what is missing), then exit code 70. What survives kill -9 survives that.
#include <exception>
#include <string_view>

namespace oes {

/// EX_SOFTWARE; systemd starts the daemon again.
inline constexpr int exit_unexpected = 70;

/// `who`: the stream, or the part of the daemon. Null: there is no exception, `who` says it all.
[[noreturn]] void end_process(std::string_view who, const std::exception_ptr& thrown) noexcept;

}  // namespace oes
