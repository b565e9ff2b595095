#include "commands/process_start.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

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
  // A byte rather than none: where core_pattern names a program, Linux feeds it whatever the limit is, but for this
  // one.
  constexpr rlim_t byte = 1;
  const bool known = ::getrlimit(RLIMIT_CORE, &limit) == 0;
  const rlimit wanted{byte, byte};
  if (known && limit.rlim_max >= byte && ::setrlimit(RLIMIT_CORE, &wanted) == 0) return;
  // A hard limit of none cannot be raised again: then the process as a whole leaves no dump. A debugger is kept out,
  // too.
  static_cast<void>(::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0));
}

}  // namespace oes
