// The chaos build's fault points and bugs (src/model/fault_point.hpp), armed by the harness through the environment:
//   OES_CHAOS_KILL_AT=name:n        at the n-th passing of that point the process kills itself with SIGKILL
//   OES_CHAOS_KILL_AT=name:n:stop   … stops itself with SIGSTOP, and goes on when the harness continues it
//   OES_CHAOS_KILL_AT=name:n:pause  from the n-th passing on this thread alone waits there for a second
//   OES_CHAOS_DELAY_AT=name:ms,…    at each passing of one of these points this thread waits there so long
//   OES_CHAOS_BUG=name,name:n       these bugs are in, or only for the n-th time that the question comes up
//   OES_CHAOS_POISON=word           an answer that holds that word makes what reads it throw
//   OES_CHAOS_TRACE=path            one line per passing
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <map>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
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

enum class at_point { kill, stop, pause };

struct armed_point {
  std::string name;
  int passings = 1;
  at_point what = at_point::kill;
};

armed_point read_armed_point() {
  const auto parts = split(environment("OES_CHAOS_KILL_AT"), ':');
  armed_point armed;
  armed.name = parts.at(0);
  if (parts.size() > 1) armed.passings = std::atoi(parts[1].c_str());
  if (parts.size() > 2) armed.what = parts[2] == "stop" ? at_point::stop : at_point::pause;
  return armed;
}

using delays = std::map<std::string, std::chrono::milliseconds, std::less<>>;

delays read_delays() {
  delays found;
  for (const auto& text : split(environment("OES_CHAOS_DELAY_AT"), ',')) {
    const auto parts = split(text, ':');
    if (parts.size() > 1) found[parts[0]] = std::chrono::milliseconds(std::atoi(parts[1].c_str()));
  }
  return found;
}

struct armed_bug {
  std::string name;
  int only = 0;  ///< 0: always
};

std::vector<armed_bug> read_armed_bugs() {
  std::vector<armed_bug> bugs;
  for (const auto& text : split(environment("OES_CHAOS_BUG"), ',')) {
    const auto parts = split(text, ':');
    bugs.push_back({parts.at(0), parts.size() > 1 ? std::atoi(parts[1].c_str()) : 0});
  }
  return bugs;
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
  static const delays late = read_delays();
  static std::atomic<int> passed = 0;
  trace(name);
  if (const auto found = late.find(name); found != late.end()) std::this_thread::sleep_for(found->second);
  if (name != armed.name) return;
  const int now = ++passed;
  if (armed.what == at_point::pause) {
    if (now >= armed.passings) std::this_thread::sleep_for(std::chrono::seconds(1));
  } else if (now == armed.passings) {
    ::kill(::getpid(), armed.what == at_point::stop ? SIGSTOP : SIGKILL);
  }
}

void taste(std::string_view text) {
  static const auto poison = environment("OES_CHAOS_POISON");
  if (!poison.empty() && text.find(poison) != std::string_view::npos) throw std::runtime_error("a poisonous answer");
}

bool seeded_bug(std::string_view name) {
  static const std::vector<armed_bug> bugs = read_armed_bugs();
  static std::mutex asking;
  static std::map<std::string, int, std::less<>> asked;
  const auto armed = std::ranges::find(bugs, name, &armed_bug::name);
  if (armed == bugs.end()) return false;
  const std::lock_guard lock(asking);
  const int now = ++asked[armed->name];
  return armed->only == 0 || armed->only == now;
}

}  // namespace oes
