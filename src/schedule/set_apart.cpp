#include "schedule/set_apart.hpp"

#include <algorithm>

namespace oes {

std::optional<utc_time> set_apart_until(std::size_t ends, utc_time newest, utc_time now) {
  constexpr std::size_t tolerated = 1;
  constexpr std::size_t most_doublings = 10;
  constexpr std::chrono::minutes first(5);
  constexpr std::chrono::minutes longest(6 * 60);
  if (ends <= tolerated) return std::nullopt;
  const auto doublings = std::min(ends - tolerated - 1, most_doublings);
  const auto pause = std::min(first * (1 << doublings), longest);
  const auto until = std::min(newest, now) + pause;
  if (until <= now) return std::nullopt;
  return until;
}

}  // namespace oes
