// Runs worlds, one or many.
#include <sys/personality.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <string>
#include <thread>

#include "async/last_words.hpp"
#include "simulation/world/campaign.hpp"
#include "simulation/world/junit_report.hpp"
#include "simulation/world/playing.hpp"
#include "simulation/world/shrinking.hpp"

namespace {

using namespace oes::simulation;

struct wish {
  campaign_wish many;
  std::uint64_t seed = 0;
  std::uint64_t twice = 0;
  bool shrink = false;
};

// Addresses are the same in each run, so that nothing can depend on them.
void without_random_addresses(char** arguments) {
  const int now = ::personality(0xffffffff);
  if (now < 0 || (now & ADDR_NO_RANDOMIZE) != 0) return;
  if (::personality(static_cast<unsigned long>(now) | ADDR_NO_RANDOMIZE) < 0) return;
  ::execv("/proc/self/exe", arguments);
}

void show(std::uint64_t seed, const played_world& out) {
  for (const auto& one : out.violations) std::printf("seed %lu: %s\n", seed, one.c_str());
}

// The smallest of a violated world that is violated still.
int play_smaller(const wish& what) {
  auto how = what.many.how;
  how.trace = false;
  const auto violated = [&how](const world_plan& plan) { return !play(plan, how).violations.empty(); };
  const auto whole = draw_plan(what.seed);
  if (!violated(whole)) {
    std::printf("seed %lu: not violated\n", what.seed);
    return 0;
  }
  const auto least = shrunken(whole, violated);
  std::printf("%s\n", describe(least).c_str());
  show(what.seed, play(least, what.many.how));
  return 1;
}

int play_one(const wish& what) {
  const auto out = play(draw_plan(what.seed), what.many.how);
  show(what.seed, out);
  const auto& had = out.had;
  std::printf(
      "seed %lu: %lu violations, fingerprint %016lx, %lu transactions, %lu records, %lu points, %lu kills, %lu "
      "takeovers, %lu requests, %lu steps\n",
      what.seed, out.violations.size(), out.fingerprint, had.of("transactions"), had.of("records"), had.of("points"),
      had.of("kills"), had.of("takeovers"), had.of("requests"), had.of("steps"));
  return out.violations.empty() ? 0 : 1;
}

// The thread of a log that says more has more to do.
std::string without_steps(tally had) {
  had.numbers.erase("steps");
  return had.text();
}

// The second time it is told, which must change nothing.
int play_twice(const wish& what) {
  std::uint64_t differing = 0;
  junit_report report;
  for (auto seed = what.many.from; seed < what.many.from + what.twice; ++seed) {
    const auto plan = draw_plan(seed);
    auto how = what.many.how;
    const auto first = play(plan, how);
    how.trace = how.unheard = true;
    const auto second = play(plan, how);
    const bool same = first.fingerprint == second.fingerprint && first.violations == second.violations &&
                      without_steps(first.had) == without_steps(second.had);
    report.played(seed, !same);
    if (same) continue;
    ++differing;
    std::printf("seed %lu: %016lx the first time, %016lx the second\n", seed, first.fingerprint, second.fingerprint);
  }
  if (!what.many.report.empty()) report.write(what.many.report);
  std::printf("%lu worlds run twice, %lu of them not the same\n", what.twice, differing);
  return differing == 0 ? 0 : 1;
}

}  // namespace

int main(int count, char** arguments) {
  without_random_addresses(arguments);
  // As the daemon's main has it: of a simulated process this ends that one.
  std::set_terminate([] { oes::end_process("a thread or a callback", std::current_exception()); });
  wish what;
  auto& many = what.many;
  many.jobs = std::max(1U, std::thread::hardware_concurrency());
  CLI::App app("Worlds in which the daemon's own code runs on virtual time");
  app.add_option("--seed", what.seed, "One world");
  app.add_option("--seeds", many.seeds, "So many worlds");
  app.add_option("--same", what.twice, "So many worlds, each twice: the same seed has the same story");
  app.add_option("--from", many.from, "The first of them");
  app.add_option("--jobs", many.jobs, "Worlds at a time (as many as there are cores)");
  app.add_option("--state", many.state, "A file from which the campaign goes on, and where it is kept");
  app.add_option("--kept", many.kept, "A folder for violated worlds, each with what of it is enough (FILE.worlds)");
  app.add_flag("--trace", many.how.trace, "Tell the world's story on stderr");
  app.add_flag("--until-found", many.until_found, "Stop at the first violation");
  app.add_option("--for", many.seconds, "With --seeds: no world is begun after so many seconds");
  app.add_option("--report", many.report, "A JUnit report of it");
  app.add_flag("--shrink", what.shrink, "With --seed: what of a violated world is enough for a violation");
  app.add_option("--bug", many.how.bugs, "A seeded bug (model/fault_point.hpp), or several")->delimiter(',');
  app.add_option("--patience", many.how.patience, "Seconds of its own time that a world may take");
  CLI11_PARSE(app, count, arguments);
  if (!many.state.empty() && many.kept.empty()) many.kept = many.state + ".worlds";
  if (what.twice > 0) return play_twice(what);
  if (many.seeds > 0) return run_campaign(many);
  return what.shrink ? play_smaller(what) : play_one(what);
}
