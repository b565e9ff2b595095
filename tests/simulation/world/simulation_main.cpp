// Runs worlds, each in a process of its own, so that none can touch another and a crash is a finding like any other.
#include <sys/personality.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <string>

#include "simulation/world/junit_report.hpp"
#include "simulation/world/shrinking.hpp"
#include "simulation/world/world.hpp"

namespace {

using namespace oes::simulation;

constexpr int most_shown = 5;

struct wish {
  std::uint64_t from = 1;
  std::uint64_t seeds = 0;
  std::uint64_t seed = 0;
  bool trace = false;
  bool until_found = false;
  bool shrink = false;
  bool quiet = false;
  std::string bug;
  std::string folder = "/dev/shm";
  std::string report;
  unsigned patience = 60;
  unsigned seconds = 0;
};

// What a world's process tells; anything else is its crash.
struct told {
  std::uint64_t fingerprint = 0;
  std::uint64_t steps = 0;
  std::uint64_t requests = 0;
  std::uint64_t records = 0;
  std::uint64_t points = 0;
  std::uint64_t excused = 0;
  int kills = 0;
  int takeovers = 0;
  int violations = -1;
};

[[noreturn]] void run_world(const world_plan& plan, const wish& what, const std::string& folder, int to) {
  // Its own time, whatever else the machine does; and an end where it waits for something real.
  const rlimit most{what.patience, what.patience};
  static_cast<void>(::setrlimit(RLIMIT_CPU, &most));
  alarm(20 * what.patience);
  if (!what.trace) static_cast<void>(!std::freopen("/dev/null", "w", stderr));
  world here(plan, {what.trace, what.bug, folder});
  const auto outcome = here.run();
  int shown = 0;
  for (const auto& one : outcome.check.violations) {
    if (what.quiet || ++shown > most_shown) break;
    std::printf("seed %lu: %s\n", plan.seed, one.c_str());
  }
  std::fflush(stdout);
  const told out{outcome.fingerprint,   outcome.steps,        outcome.requests,
                 outcome.check.records, outcome.check.points, outcome.check.excused,
                 outcome.kills,         outcome.takeovers,    static_cast<int>(outcome.check.violations.size())};
  static_cast<void>(!::write(to, &out, sizeof out));
  _exit(0);  // what the dead processes own stays theirs
}

told play(const world_plan& plan, const wish& what) {
  const auto seed = plan.seed;
  const auto folder = what.folder + "/simulation-" + std::to_string(::syscall(SYS_getpid)) + "-" + std::to_string(seed);
  std::filesystem::create_directories(folder);
  int ends[2];
  if (::pipe(ends) != 0) std::abort();
  std::fflush(nullptr);
  const auto child = ::fork();
  if (child == 0) {
    ::close(ends[0]);
    // The same for each run: it is in what the daemons log and commit.
    if (::chdir(folder.c_str()) != 0) _exit(1);
    run_world(plan, what, ".", ends[1]);
  }
  ::close(ends[1]);
  told out;
  const auto size = ::read(ends[0], &out, sizeof out);
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  if (size != sizeof out) {
    out.violations = 1;
    if (!what.quiet)
      std::printf("seed %lu: the process ended by itself (%s %d)\n", seed, WIFSIGNALED(status) ? "signal" : "code",
                  WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
  }
  std::filesystem::remove_all(folder);
  return out;
}

// Addresses are the same in each run, so that nothing can depend on them.
void without_random_addresses(char** arguments) {
  const int now = ::personality(0xffffffff);
  if (now < 0 || (now & ADDR_NO_RANDOMIZE) != 0) return;
  if (::personality(static_cast<unsigned long>(now) | ADDR_NO_RANDOMIZE) < 0) return;
  ::execv("/proc/self/exe", arguments);
}

// The smallest of a violated world that is violated still.
int play_smaller(const wish& what) {
  auto quiet = what;
  quiet.quiet = true;
  quiet.trace = false;
  const auto violated = [&quiet](const world_plan& plan) { return play(plan, quiet).violations != 0; };
  const auto whole = draw_plan(what.seed);
  if (!violated(whole)) {
    std::printf("seed %lu: not violated\n", what.seed);
    return 0;
  }
  const auto least = shrunken(whole, violated);
  std::printf("%s\n", describe(least).c_str());
  static_cast<void>(play(least, what));
  return 1;
}

int play_one(const wish& what) {
  if (what.shrink) return play_smaller(what);
  const auto out = play(draw_plan(what.seed), what);
  std::printf(
      "seed %lu: %d violations, fingerprint %016lx, %lu records, %lu points, %d kills, %d assignments, %lu requests, "
      "%lu steps\n",
      what.seed, out.violations, out.fingerprint, out.records, out.points, out.kills, out.takeovers, out.requests,
      out.steps);
  return out.violations == 0 ? 0 : 1;
}

int play_many(const wish& what) {
  const auto began = std::chrono::steady_clock::now();
  const auto passed = [began] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  };
  junit_report report;
  std::uint64_t bad = 0;
  std::uint64_t done = 0;
  told sum;
  sum.violations = 0;
  for (auto seed = what.from; seed < what.from + what.seeds; ++seed) {
    if (what.seconds > 0 && passed() > what.seconds) break;
    const auto out = play(draw_plan(seed), what);
    ++done;
    report.played(seed, out.violations > 0);
    bad += out.violations == 0 ? 0 : 1;
    sum.records += out.records;
    sum.points += out.points;
    sum.excused += out.excused;
    sum.requests += out.requests;
    sum.steps += out.steps;
    sum.kills += out.kills;
    sum.takeovers += out.takeovers;
    if (bad > 0 && what.until_found) break;
  }
  if (!what.report.empty()) report.write(what.report);
  const auto took = passed();
  std::printf(
      "%lu worlds, %lu of them with violations; %.1f s, %.1f worlds a second; %lu records, %lu points (%lu excused), "
      "%d "
      "kills, %d assignments, %lu requests\n",
      done, bad, took, static_cast<double>(done) / took, sum.records, sum.points, sum.excused, sum.kills, sum.takeovers,
      sum.requests);
  return bad == 0 ? 0 : 1;
}

}  // namespace

int main(int count, char** arguments) {
  without_random_addresses(arguments);
  wish what;
  CLI::App app("Worlds in which the daemon's own code runs on virtual time");
  app.add_option("--seed", what.seed, "One world");
  app.add_option("--seeds", what.seeds, "So many worlds");
  app.add_option("--from", what.from, "The first of them");
  app.add_flag("--trace", what.trace, "Tell the world's story on stderr");
  app.add_flag("--until-found", what.until_found, "Stop at the first violation");
  app.add_option("--for", what.seconds, "With --seeds: no world is begun after so many seconds");
  app.add_option("--report", what.report, "A JUnit report of it");
  app.add_flag("--shrink", what.shrink, "With --seed: what of a violated world is enough for a violation");
  app.add_option("--bug", what.bug, "A seeded bug (model/fault_point.hpp)");
  app.add_option("--patience", what.patience, "Seconds of its own time that a world may take");
  CLI11_PARSE(app, count, arguments);
  return what.seeds > 0 ? play_many(what) : play_one(what);
}
