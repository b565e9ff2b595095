#pragma once
// Notices that the time which is gone by was corrected: it and the clock that only runs forward moved apart. Instants
// of before and after do not go together. Pure.
#include <chrono>
#include <optional>
#include <utility>

#include "model/moment.hpp"

namespace oes {

class correction_watch {
 public:
  /// Since the last look; the first one says no.
  bool corrected(const moment& at) {
    const auto ahead = at.now.time_since_epoch() - at.run.time_since_epoch();
    const auto before = std::exchange(ahead_, ahead);
    return before && std::chrono::abs(ahead - *before) > worth_noticing;
  }

 private:
  static constexpr std::chrono::minutes worth_noticing{1};  // clocks drift by less
  std::optional<std::chrono::microseconds> ahead_;
};

}  // namespace oes
