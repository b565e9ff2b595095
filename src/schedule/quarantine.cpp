#include "schedule/quarantine.hpp"

#include <algorithm>

namespace oes {

std::optional<std::chrono::microseconds> quarantine_left(std::size_t ends, std::chrono::microseconds ago) {
  constexpr std::size_t tolerated = 1;
  constexpr std::size_t most_doublings = 10;
  constexpr std::chrono::minutes first(5);
  constexpr std::chrono::minutes longest(6 * 60);
  if (ends <= tolerated) return std::nullopt;
  const auto doublings = std::min(ends - tolerated - 1, most_doublings);
  const auto pause = std::min(first * (1 << doublings), longest);
  const std::chrono::microseconds left = pause - std::max(ago, std::chrono::microseconds(0));
  if (left.count() <= 0) return std::nullopt;
  return left;
}

}  // namespace oes
