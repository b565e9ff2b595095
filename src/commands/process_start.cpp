#include "commands/process_start.hpp"

#include <fcntl.h>
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

}  // namespace oes
