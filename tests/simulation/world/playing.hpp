#pragma once
// A world in a process of its own, so that none can touch another and a crash is a finding like any other.
#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "simulation/world/plan.hpp"
#include "simulation/world/tally.hpp"

namespace oes::simulation {

struct way_to_play {
  bool trace = false;    ///< its story is told on stderr
  bool unheard = false;  ///< … which leads nowhere
  std::vector<std::string> bugs;
  std::string folder = "/dev/shm";
  unsigned patience = 60;  ///< seconds of its own time
};

struct played_world {
  std::uint64_t fingerprint = 0;  ///< of the whole story: the same seed has the same
  std::vector<std::string> violations;
  tally had;
};

/// One that is under way.
class world_process {
 public:
  world_process(const world_plan& plan, const way_to_play& how);
  world_process(world_process&& other) noexcept;
  world_process(const world_process&) = delete;
  world_process& operator=(const world_process&) = delete;
  world_process& operator=(world_process&&) = delete;
  ~world_process() = default;

  /// Readable once there is something to take in.
  [[nodiscard]] int ready() const { return from_; }
  /// false: that was all.
  bool take_in();
  /// Waits for its end.
  played_world finish();

 private:
  std::uint64_t seed_;
  std::string folder_;
  pid_t child_ = -1;
  int from_ = -1;
  std::string told_;
};

/// Until its end.
played_world play(const world_plan& plan, const way_to_play& how);

}  // namespace oes::simulation
