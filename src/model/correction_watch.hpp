#pragma once
// Notices that the clock the daemon follows was stepped: it and the monotonic clock moved apart. Instants from before
// and after the step cannot be compared. Pure.
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
