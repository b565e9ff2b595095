#pragma once
// How much of what can meet has met: a state pair is a fault point that one process passes, the fault point that
// another one passed last, and whether that one runs, is frozen or is dead. The process before in the same place is
// another one too, and dead: what it left is what its successor finds. Points tell where in the product a process
// stands, so what is new for a world of its kind shows as a new pair; where hardly any is new, more worlds show little.
#include <cstdint>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "simulation/world/tally.hpp"

namespace oes::simulation {

class state_pairs {
 public:
  enum class life { runs, frozen, dead };
  /// `here`: the place of the process that passes it; `others`: of each place, what its newest process does.
  void passed(std::size_t here, std::string_view point, const std::vector<life>& others);
  void started(std::size_t here);
  /// As `pair POINT | LIFE POINT`.
  void tell(tally& into) const;

 private:
  struct place {
    std::string_view last;    ///< of the newest process; empty: none yet
    std::string_view before;  ///< of the one before that
    bool had_one = false;
    bool had_two = false;
  };
  struct pair {
    std::string_view point;
    life other;
    std::string_view last;
  };
  void meet(std::string_view point, life other, std::string_view last);

  std::vector<place> places_;
  std::unordered_set<std::uint64_t> known_;  ///< by where the names are, which is cheap
  std::vector<pair> pairs_;
};

std::uint64_t count_pairs(const tally& had);

}  // namespace oes::simulation
