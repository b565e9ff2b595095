#include "kafka/command_output.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

#include "async/clock.hpp"

namespace oes {
namespace {

using std::chrono::milliseconds;
constexpr std::size_t largest = 64UL * 1024;

class descriptor {
 public:
  explicit descriptor(int number) : number_(number) {}
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  ~descriptor() { close(); }
  void close() {
    if (number_ >= 0) ::close(std::exchange(number_, -1));
  }
  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

error cannot_run(int number) {
  return {errc::network_error, std::string("it cannot be run: ") + std::strerror(number)};
}

// A process group of its own, so that what the shell has started ends with it; signals as for any program.
result<pid_t> start(const std::string& command, int output) {
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&files, output, STDOUT_FILENO);
  posix_spawnattr_t how;
  posix_spawnattr_init(&how);
  sigset_t none;
  sigset_t usual;
  sigemptyset(&none);
  sigemptyset(&usual);
  sigaddset(&usual, SIGPIPE);
  posix_spawnattr_setsigmask(&how, &none);
  posix_spawnattr_setsigdefault(&how, &usual);
  posix_spawnattr_setpgroup(&how, 0);
  posix_spawnattr_setflags(&how, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  std::array<std::string, 3> words{"sh", "-c", command};
  std::array<char*, 4> arguments{words[0].data(), words[1].data(), words[2].data(), nullptr};
  pid_t process = 0;
  const int failed = posix_spawn(&process, "/bin/sh", &files, &how, arguments.data(), environ);
  posix_spawnattr_destroy(&how);
  posix_spawn_file_actions_destroy(&files);
  if (failed != 0) return cannot_run(failed);
  return process;
}

int process_descriptor(pid_t process) { return static_cast<int>(::syscall(SYS_pidfd_open, process, 0)); }

// What the process prints until it ends: it may close its output before that, and what it has started may hold it open
// for longer. `output` does not block.
result<std::string> read_until_end_of(int process, int output, steady_time deadline) {
  std::string out;
  std::array<char, 4096> piece{};
  std::array<pollfd, 2> ready{{{process, POLLIN, 0}, {output, POLLIN, 0}}};
  for (;;) {
    const auto left = std::chrono::ceil<milliseconds>(deadline - steady_now());
    if (left.count() <= 0) return error{errc::timed_out, "it does not end in time"};
    const int seen = ::poll(ready.data(), ready.size(), static_cast<int>(left.count()));
    if (seen < 0 && errno != EINTR) return cannot_run(errno);
    if (seen <= 0) continue;
    if (ready[1].revents != 0) {
      const auto size = ::read(output, piece.data(), piece.size());
      if (size < 0 && errno != EINTR && errno != EAGAIN) return cannot_run(errno);
      if (size == 0) ready[1].fd = -1;
      if (size > 0) out.append(piece.data(), static_cast<std::size_t>(size));
      if (out.size() > largest) return error{errc::malformed, "it prints more than 64 KiB"};
      continue;
    }
    if (ready[0].revents != 0) return out;
  }
}

// It has ended, or is killed.
int code_of(pid_t process) {
  int status = 0;
  while (::waitpid(process, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

result<std::string> output_of_command(const std::string& command, milliseconds patience) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return cannot_run(errno);
  const descriptor reading(ends[0]);
  ::fcntl(reading.number(), F_SETFL, O_NONBLOCK);  // this end alone
  descriptor writing(ends[1]);
  const auto deadline = steady_now() + patience;
  const auto process = start(command, writing.number());
  if (!process) return process.error();
  writing.close();
  const descriptor running(process_descriptor(*process));
  const int no_descriptor = errno;
  auto printed = running.number() >= 0 ? read_until_end_of(running.number(), reading.number(), deadline)
                                       : result<std::string>(cannot_run(no_descriptor));
  if (!printed) ::kill(-*process, SIGKILL);
  const int code = code_of(*process);
  if (printed && code != 0) return error{errc::network_error, "it ends with code " + std::to_string(code)};
  return printed;
}

}  // namespace oes
