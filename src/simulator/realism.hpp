#pragma once
// How untidy the simulated data is.
#include <chrono>
#include <cstdint>

namespace oes::sim {

/// Rates between 0 (never) and 1. All 0 is `calm`: every point has one value for ever, arriving with its network's lag.
struct realism {
  std::uint64_t seed = 1;
  double revisions = 0.2;             ///< scales every kind of rewrite (api.md §6)
  double late = 0.02;                 ///< of a region's labels, arriving 5 to 65 min later than the others
  double holes = 0.004;               ///< of a fueltech's half-hours in a region, missing, filled later, or null
  double outages = 0.03;              ///< of a network's days, with an outage of 1 to 6 hours
  std::chrono::minutes wem_every{5};  ///< between the WEM's rows
  [[nodiscard]] bool calm() const { return revisions <= 0 && late <= 0 && holes <= 0 && outages <= 0; }
};

}  // namespace oes::sim
