#include "simulation/world/playing.hpp"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string_view>
#include <utility>

#include "simulation/world/world.hpp"

namespace oes::simulation {
namespace {

constexpr std::string_view fingerprint_word = "fingerprint ";
constexpr std::string_view violation_word = "violation ";
constexpr std::string_view last_word = "that was all";

void write_all(int to, std::string_view text) {
  while (!text.empty()) {
    const auto size = ::write(to, text.data(), text.size());
    if (size <= 0) _exit(1);
    text.remove_prefix(static_cast<std::size_t>(size));
  }
}

std::string as_line(std::string text) {
  for (auto& c : text) {
    if (c == '\n') c = ' ';
  }
  return text;
}

[[noreturn]] void run_world(const world_plan& plan, const way_to_play& how, int to) {
  // Its own time, whatever else the machine does; and an end where it waits for something real.
  const rlimit most{how.patience, how.patience};
  static_cast<void>(::setrlimit(RLIMIT_CPU, &most));
  alarm(20 * how.patience);
  if (!how.trace || how.unheard) static_cast<void>(!std::freopen("/dev/null", "w", stderr));
  // The folder is the same for each run: it is in what the daemons log and commit.
  world here(plan, {how.trace, how.bugs, "."});
  const auto outcome = here.run();
  std::string out = std::string(fingerprint_word) + std::to_string(outcome.fingerprint) + "\n";
  for (const auto& one : outcome.check.violations) out.append(violation_word).append(as_line(one)).append("\n");
  out += outcome.had.text();
  write_all(to, out.append(last_word).append("\n"));
  _exit(0);  // what the dead processes own stays theirs
}

played_world read_told(std::string_view text, bool& whole) {
  played_world out;
  while (!text.empty()) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    whole = line == last_word;
    if (line.starts_with(violation_word)) {
      out.violations.emplace_back(line.substr(violation_word.size()));
    } else if (line.starts_with(fingerprint_word)) {
      std::from_chars(line.data() + fingerprint_word.size(), line.data() + line.size(), out.fingerprint);
    } else {
      out.had.read(line);
    }
  }
  return out;
}

}  // namespace

world_process::world_process(const world_plan& plan, const way_to_play& how)
    : seed_(plan.seed),
      folder_(how.folder + "/simulation-" + std::to_string(::syscall(SYS_getpid)) + "-" + std::to_string(plan.seed)) {
  std::filesystem::create_directories(folder_);
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0) std::abort();
  std::fflush(nullptr);
  child_ = ::fork();
  if (child_ < 0) std::abort();
  if (child_ == 0) {
    ::close(ends[0]);
    if (::chdir(folder_.c_str()) != 0) _exit(1);
    run_world(plan, how, ends[1]);
  }
  ::close(ends[1]);
  from_ = ends[0];
}

world_process::world_process(world_process&& other) noexcept
    : seed_(other.seed_),
      folder_(std::move(other.folder_)),
      child_(std::exchange(other.child_, -1)),
      from_(std::exchange(other.from_, -1)),
      told_(std::move(other.told_)) {}

bool world_process::take_in() {
  std::array<char, 65536> some{};
  const auto size = ::read(from_, some.data(), some.size());
  if (size <= 0) return false;
  told_.append(some.data(), static_cast<std::size_t>(size));
  return true;
}

played_world world_process::finish() {
  while (take_in()) {
  }
  ::close(from_);
  int status = 0;
  ::waitpid(child_, &status, 0);
  std::filesystem::remove_all(folder_);
  bool whole = false;
  auto out = read_told(told_, whole);
  if (!whole) {
    const bool by_signal = WIFSIGNALED(status);
    out.violations.push_back(std::string("the process ended by itself (") + (by_signal ? "signal " : "code ") +
                             std::to_string(by_signal ? WTERMSIG(status) : WEXITSTATUS(status)) + ")");
  }
  return out;
}

played_world play(const world_plan& plan, const way_to_play& how) { return world_process(plan, how).finish(); }

}  // namespace oes::simulation
