// The chaos build's fault points and bugs (src/model/fault_point.hpp), armed by the harness through the environment:
//   OES_CHAOS_KILL_AT=name:n        at the n-th passing of that point the process kills itself with SIGKILL
//   OES_CHAOS_KILL_AT=name:n:stop   … stops itself with SIGSTOP, and goes on when the harness continues it
//   OES_CHAOS_BUG=name,name         these bugs are in
//   OES_CHAOS_TRACE=path            one byte-exact line per passing, for a list of the points
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <string>
#include <vector>

#include "model/fault_point.hpp"

namespace oes {
namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= text.size();) {
    const auto end = std::min(text.find(at, begin), text.size());
    parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

struct armed_point {
  std::string name;
  int passings = 1;
  int signal = SIGKILL;
};

armed_point read_armed_point() {
  const auto parts = split(environment("OES_CHAOS_KILL_AT"), ':');
  armed_point armed;
  armed.name = parts.at(0);
  if (parts.size() > 1) armed.passings = std::atoi(parts[1].c_str());
  if (parts.size() > 2 && parts[2] == "stop") armed.signal = SIGSTOP;
  return armed;
}

void trace(std::string_view name) {
  static const int file = [] {
    const auto path = environment("OES_CHAOS_TRACE");
    return path.empty() ? -1 : ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  }();
  if (file < 0) return;
  const auto line = std::string(name) + "\n";
  [[maybe_unused]] const auto written = ::write(file, line.data(), line.size());
}

}  // namespace

void fault_point(std::string_view name) {
  static const armed_point armed = read_armed_point();
  static std::atomic<int> passed = 0;
  trace(name);
  if (name != armed.name) return;
  if (++passed == armed.passings) ::kill(::getpid(), armed.signal);
}

bool seeded_bug(std::string_view name) {
  static const std::vector<std::string> bugs = split(environment("OES_CHAOS_BUG"), ',');
  return std::ranges::find(bugs, name) != bugs.end();
}

}  // namespace oes
