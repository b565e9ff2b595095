#include "simulation/world/campaign.hpp"

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <list>
#include <optional>
#include <utility>

#include "simulation/world/campaign_state.hpp"
#include "simulation/world/junit_report.hpp"
#include "simulation/world/shrinking.hpp"
#include "simulation/world/state_pairs.hpp"

namespace oes::simulation {
namespace {

constexpr std::uint64_t written_every = 500;
constexpr std::size_t most_shown = 5;
constexpr int most_shrinking = 400;  // worlds

volatile std::sig_atomic_t interrupted = 0;

void interrupt(int /*signal*/) { interrupted = 1; }

class campaign {
 public:
  explicit campaign(const campaign_wish& what) : what_(what) {
    sums_.from = sums_.next = what.from;
    if (!what.state.empty() && read_state(what.state, sums_)) std::printf("goes on at seed %lu\n", sums_.next);
    began_at_ = sums_.next;
    end_ = sums_.from + what.seeds;
    to_begin_ = sums_.next;
  }

  int run() {
    while (true) {
      while (running_.size() < what_.jobs && may_begin()) begin();
      if (running_.empty()) break;
      await();
    }
    while (shrinking_ > 0 && ::wait(nullptr) > 0) --shrinking_;
    if (!what_.state.empty()) write_state(what_.state, sums_);
    if (!what_.report.empty()) report_.write(what_.report);
    std::printf("%s\n", report_of(sums_, passed(), sums_.next - began_at_).c_str());
    return sums_.violated.empty() ? 0 : 1;
  }

 private:
  struct under_way {
    std::uint64_t seed;
    world_process world;
  };

  [[nodiscard]] double passed() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count();
  }

  [[nodiscard]] bool may_begin() const {
    if (interrupted != 0 || to_begin_ >= end_ || (what_.until_found && found_)) return false;
    return what_.seconds == 0 || passed() <= what_.seconds;
  }

  void begin() {
    const auto seed = to_begin_++;
    running_.push_back({seed, world_process(draw_plan(seed), what_.how)});
  }

  void await() {
    std::vector<pollfd> waits;
    for (const auto& one : running_) waits.push_back({one.world.ready(), POLLIN, 0});
    if (::poll(waits.data(), waits.size(), -1) < 0) return;
    auto one = running_.begin();
    for (const auto& told : waits) {
      const auto here = one++;
      if (told.revents == 0 || here->world.take_in()) continue;
      auto out = here->world.finish();
      found_ = found_ || !out.violations.empty();
      over_.emplace(here->seed, std::move(out));
      running_.erase(here);
    }
    for (auto next = over_.find(sums_.next); next != over_.end(); next = over_.find(sums_.next)) {
      take_in(next->first, next->second);
      over_.erase(next);
    }
  }

  void take_in(std::uint64_t seed, const played_world& out) {
    ++sums_.next;
    sums_.had.add(out.had);
    if (counts(out.had)) sums_.had.count("worlds that count");
    report_.played(seed, !out.violations.empty());
    const auto pairs = count_pairs(sums_.had);
    sums_.had.numbers["state pairs"] = pairs;
    if (sums_.worlds() % written_every == 0) {
      sums_.seen_after[sums_.worlds()] = pairs;
      if (!what_.state.empty()) write_state(what_.state, sums_);
    }
    if (out.violations.empty()) return;
    sums_.violated[seed] = out.violations.front();
    for (std::size_t i = 0; i < std::min(out.violations.size(), most_shown); ++i)
      std::printf("seed %lu: %s\n", seed, out.violations[i].c_str());
    std::fflush(stdout);
    if (!what_.kept.empty()) keep(seed, out);
  }

  // Beside the worlds that go on: what of it is enough takes some hundred more.
  void keep(std::uint64_t seed, const played_world& out) {
    std::filesystem::create_directories(what_.kept);
    const auto plan = draw_plan(seed);
    std::ofstream file(what_.kept + "/" + std::to_string(seed) + ".txt");
    file << describe(plan) << "\n\n";
    for (const auto& one : out.violations) file << one << '\n';
    file.flush();
    std::fflush(nullptr);
    if (::fork() != 0) {
      ++shrinking_;
      return;
    }
    int left = most_shrinking;
    const auto least = shrunken(plan, [this, &left](const world_plan& tried) {
      return left-- > 0 && interrupted == 0 && !play(tried, what_.how).violations.empty();
    });
    file << "\nEnough is:\n" << describe(least) << "\n\n";
    for (const auto& one : play(least, what_.how).violations) file << one << '\n';
    file.close();
    _exit(0);
  }

  const campaign_wish& what_;
  const std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  campaign_sums sums_;
  junit_report report_;
  std::list<under_way> running_;
  std::map<std::uint64_t, played_world> over_;
  std::uint64_t began_at_ = 0;
  std::uint64_t to_begin_ = 0;
  std::uint64_t end_ = 0;
  int shrinking_ = 0;
  bool found_ = false;
};

}  // namespace

int run_campaign(const campaign_wish& what) {
  struct sigaction on_signal {};
  on_signal.sa_handler = interrupt;
  on_signal.sa_flags = SA_RESTART;
  ::sigaction(SIGINT, &on_signal, nullptr);
  ::sigaction(SIGTERM, &on_signal, nullptr);
  return campaign(what).run();
}

}  // namespace oes::simulation
