#include "schedule/backoff.hpp"

#include <algorithm>

namespace oes {

std::chrono::milliseconds backoff::next(double uniform) {
  constexpr int enough_doublings = 30;
  const auto ceiling =
      std::min(settings_.cap, settings_.base * (std::int64_t{1} << std::min(attempt_, enough_doublings)));
  ++attempt_;
  const auto wait = static_cast<std::int64_t>(static_cast<double>(ceiling.count()) * (1.0 - uniform));
  return std::chrono::milliseconds(std::max<std::int64_t>(1, wait));
}

}  // namespace oes
