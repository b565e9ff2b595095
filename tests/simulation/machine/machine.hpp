#pragma once
// The one OS thread that plays every thread of every process of a world, on virtual time. What happens next is decided
// by (time, order of asking) alone, so a world is the same each time it is run.
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "simulation/machine/fiber.hpp"

namespace oes::simulation {

/// Since the world began.
using virtual_time = std::chrono::nanoseconds;

/// What runs in a process that is dead never goes on: it stays where it was, with all that it owns, until the world is
/// over. So nothing of it can leave a group, abort or unlink anything.
struct process {
  int number = 0;
  std::string name;
  bool alive = true;
  bool stopped = false;                      ///< SIGSTOP: it goes on where it was
  std::vector<std::function<void()>> later;  ///< what came meanwhile
  virtual_time wall_ahead{};                 ///< of its host's clock
  std::uint64_t randomness = 0;              ///< state of its random_device
  std::string last_line;                     ///< that it wrote to stderr
};

class machine {
 public:
  machine();
  ~machine();
  machine(const machine&) = delete;
  machine& operator=(const machine&) = delete;

  /// The machine of the world that runs; null outside of one. For the C library's functions, which have no other way.
  static machine* running();

  [[nodiscard]] virtual_time now() const { return now_; }
  /// Of the thread that runs; null: the machine's own work.
  [[nodiscard]] fiber* current() const { return current_; }
  [[nodiscard]] process* current_process() const;

  /// `of`: dropped where that process is dead by then, put off where it is stopped; null: the world's own.
  void at(virtual_time when, process* of, std::function<void()> what);
  void after(virtual_time span, process* of, std::function<void()> what) { at(now_ + span, of, std::move(what)); }

  fiber* start(process& of, std::string name, std::function<void()> work);
  /// On a fiber: waits to be woken. false: the deadline came first.
  bool park(std::optional<virtual_time> until);
  bool park_for(virtual_time span) { return park(now_ + span); }
  void wake(fiber* one);

  /// kill -9. Returns, unless it is the current fiber's own.
  void kill(process& one);
  void stop(process& one) { one.stopped = true; }
  void go_on(process& one);

  /// Until nothing is left to happen before `end`, or halt() was called.
  void run_until(virtual_time end);
  void halt() { halted_ = true; }
  /// What happens now is part of the world's story.
  void note(std::string_view what);
  /// Of the whole story so far.
  [[nodiscard]] std::uint64_t fingerprint() const { return fingerprint_; }
  /// Steps of fibers so far: what a world costs.
  [[nodiscard]] std::uint64_t steps() const { return steps_; }

 private:
  struct entry {
    virtual_time when;
    std::uint64_t order;
    process* of;
    std::function<void()> what;
    bool operator>(const entry& other) const { return when != other.when ? when > other.when : order > other.order; }
  };
  void run_ready();
  void ready(fiber* one);

  virtual_time now_{};
  std::uint64_t order_ = 0;
  std::uint64_t steps_ = 0;
  std::uint64_t fingerprint_ = 0;
  bool halted_ = false;
  fiber* current_ = nullptr;
  std::deque<fiber*> ready_;
  std::vector<entry> queue_;  ///< a heap: the next is first
};

}  // namespace oes::simulation
