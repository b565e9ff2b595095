#pragma once
// Many worlds side by side: what they had adds up by seed, so that it is the same however many run at a time; it is
// kept in a file, so that a campaign that was interrupted goes on.
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "simulation/world/playing.hpp"

namespace oes::simulation {

struct campaign_wish {
  way_to_play how;
  std::uint64_t from = 1;
  std::uint64_t seeds = 0;  ///< from there on
  unsigned jobs = 1;
  unsigned seconds = 0;  ///< no world is begun after so many; 0: each
  bool until_found = false;
  std::string state;   ///< file; empty: none
  std::string kept;    ///< folder for violated worlds: what each is, and what of it is enough; empty: none
  std::string report;  ///< JUnit's XML; empty: none
};

/// What a campaign has come to.
struct campaign_sums {
  std::uint64_t from = 1;
  std::uint64_t next = 1;  ///< every world before it is in the sums
  tally had;
  std::map<std::uint64_t, std::string> violated;      ///< by seed: the first violation
  std::map<std::uint64_t, std::uint64_t> seen_after;  ///< by so many worlds: state pairs until then
  [[nodiscard]] std::uint64_t worlds() const { return next - from; }
};

/// Exit code: 1 where a world was violated.
int run_campaign(const campaign_wish& what);

}  // namespace oes::simulation
