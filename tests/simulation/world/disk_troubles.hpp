#pragma once
// What happens to a host's disk, and to the files on it.
#include <cstdint>
#include <string>

#include "simulation/machine/disk.hpp"
#include "simulation/world/draws.hpp"

namespace oes::simulation {

enum class disk_trouble {
  full,
  read_only,
  sync_fails,
  slow,
  stalled,
  file_emptied,  ///< progress.json, by somebody else; the others below likewise
  file_cut,
  file_damaged,
  file_gone,
  all_gone,    ///< … and .prev
  file_older,  ///< rolled back to any of before
};

disk_trouble draw_disk_trouble(draws& d);
std::string describe(disk_trouble what);
/// Lasts until faults are taken back; the others are done at once.
bool lasts(disk_trouble what);
void begin(disk& on, disk_trouble what, std::uint64_t salt);

}  // namespace oes::simulation
