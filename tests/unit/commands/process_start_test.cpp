// What every command does first.
#include "commands/process_start.hpp"

#include <doctest/doctest.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>

TEST_CASE("G9: a signal that dumps ends the process, and no core with its secrets is left") {
  const auto folder = std::filesystem::temp_directory_path() / ("oes-core-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  const auto child = ::fork();
  if (child == 0) {
    rlimit limit{};
    ::getrlimit(RLIMIT_CORE, &limit);
    limit.rlim_cur = limit.rlim_max;  // as a host that collects cores has it
    ::setrlimit(RLIMIT_CORE, &limit);
    if (::chdir(folder.c_str()) != 0) ::_exit(1);
    oes::leave_no_core();
    std::signal(SIGQUIT, SIG_DFL);
    ::raise(SIGQUIT);
    ::_exit(1);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(WIFSIGNALED(status));
  CHECK_FALSE(WCOREDUMP(status));
  CHECK(std::filesystem::is_empty(folder));
  std::filesystem::remove_all(folder);
}

TEST_CASE("G9: where the host allows no core at all, a program that collects them gets none either") {
  const auto child = ::fork();
  if (child == 0) {
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
    oes::leave_no_core();
    // Linux feeds a program that core_pattern names under any limit but one byte, as long as the process may be dumped.
    rlimit left{};
    ::getrlimit(RLIMIT_CORE, &left);
    ::_exit(left.rlim_cur == 1 || ::prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0 ? 0 : 1);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
}
