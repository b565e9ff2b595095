#include "schedule/backoff.hpp"

#include <algorithm>

namespace oes {

std::chrono::milliseconds backoff::ceiling(int attempt) const {
  constexpr int enough_doublings = 30;
  return std::min(settings_.cap, settings_.base * (std::int64_t{1} << std::min(attempt, enough_doublings)));
}

bool backoff::is_at_cap() const { return attempt_ > 0 && ceiling(attempt_ - 1) == settings_.cap; }

std::chrono::milliseconds backoff::next(double uniform) {
  const auto most = ceiling(attempt_++);
  const auto wait = static_cast<std::int64_t>(static_cast<double>(most.count()) * (1.0 - uniform));
  return std::chrono::milliseconds(std::max<std::int64_t>(1, wait));
}

}  // namespace oes
