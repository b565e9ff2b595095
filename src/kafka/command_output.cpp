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
#include <memory>
#include <utility>

#include "async/clock.hpp"
#include "model/utf8.hpp"

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
result<pid_t> start(const std::string& command, int output, int complaints) {
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&files, output, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&files, complaints, STDERR_FILENO);
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

// stderr, line by line. All of it is read, so that nobody waits for us; what is too much is not kept.
class line_teller {
 public:
  explicit line_teller(const stderr_listener& says) : says_(says) {}

  /// How many bytes there were: 0 at the end, negative where there is nothing now. `from` does not block.
  ssize_t read(int from) {
    std::array<char, 4096> piece{};
    const auto size = ::read(from, piece.data(), piece.size());
    for (ssize_t i = 0; i < size; ++i) take(piece[static_cast<std::size_t>(i)]);
    return size;
  }
  void finish() {
    if (!line_.empty()) tell();
  }

 private:
  static constexpr int most_lines = 20;
  static constexpr std::size_t longest_line = 1024;

  void take(char c) {
    if (c == '\n') {
      tell();
    } else if (line_.size() < 2 * longest_line) {  // cut by who makes text of it
      line_ += c;
    }
  }
  void tell() {
    if (told_++ < most_lines && says_) says_(printable(line_, longest_line));
    line_.clear();
  }

  const stderr_listener& says_;
  std::string line_;
  int told_ = 0;
};

// What had been said when the process ended. What it has started may go on for ever.
void read_rest(int complaints, line_teller& told) {
  constexpr int most_pieces = 16;  // what a pipe holds
  for (int i = 0; i < most_pieces && told.read(complaints) > 0; ++i) {
  }
  told.finish();
}

// What the process prints until it ends: it may close its output before that, and what it has started may hold it open
// for longer. `output` and `complaints` do not block.
result<std::string> read_until_end_of(int process, int output, int complaints, line_teller& told,
                                      steady_time deadline) {
  std::string out;
  std::array<char, 4096> piece{};
  std::array<pollfd, 3> ready{{{process, POLLIN, 0}, {output, POLLIN, 0}, {complaints, POLLIN, 0}}};
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
    if (ready[2].revents != 0 && told.read(complaints) == 0) ready[2].fd = -1;
  }
}

struct pipe_ends {
  descriptor reading;
  descriptor writing;
};

// Only the end that is read here does not block.
result<std::unique_ptr<pipe_ends>> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return cannot_run(errno);
  ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
  return std::unique_ptr<pipe_ends>(new pipe_ends{descriptor(ends[0]), descriptor(ends[1])});
}

// It has ended, or is killed.
int code_of(pid_t process) {
  int status = 0;
  while (::waitpid(process, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

result<std::string> output_of_command(const std::string& command, milliseconds patience, const stderr_listener& says) {
  const auto output = make_pipe();
  if (!output) return output.error();
  const auto complaints = make_pipe();
  if (!complaints) return complaints.error();
  const auto deadline = steady_now() + patience;
  const auto process = start(command, (*output)->writing.number(), (*complaints)->writing.number());
  if (!process) return process.error();
  (*output)->writing.close();
  (*complaints)->writing.close();
  line_teller told(says);
  const descriptor running(process_descriptor(*process));
  const int no_descriptor = errno;
  auto printed = running.number() >= 0 ? read_until_end_of(running.number(), (*output)->reading.number(),
                                                           (*complaints)->reading.number(), told, deadline)
                                       : result<std::string>(cannot_run(no_descriptor));
  if (!printed) ::kill(-*process, SIGKILL);
  const int code = code_of(*process);
  read_rest((*complaints)->reading.number(), told);
  if (printed && code != 0) return error{errc::network_error, "it ends with code " + std::to_string(code)};
  return printed;
}

}  // namespace oes
