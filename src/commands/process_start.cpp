#include "commands/process_start.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

namespace oes {

void stand_firm() {
  std::signal(SIGPIPE, SIG_IGN);
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(stream, F_GETFD) != -1) continue;
    // The lowest free number, so it is this stream's; read only: who writes learns that nobody takes it.
    static_cast<void>(open("/dev/null", O_RDONLY));
  }
}

void leave_no_core() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_CORE, &limit) != 0) return;
  // A byte rather than none: where core_pattern names a program, Linux feeds it whatever the limit is, but for this
  // one.
  constexpr rlim_t byte = 1;
  const auto most = std::min(limit.rlim_max, byte);
  limit = {most, most};
  static_cast<void>(::setrlimit(RLIMIT_CORE, &limit));
}

}  // namespace oes
