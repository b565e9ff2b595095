#include "schedule/stretch.hpp"

#include <algorithm>
#include <cmath>

namespace oes {
namespace {

using std::chrono::seconds;

double as_seconds(seconds s) { return static_cast<double>(s.count()); }

double distance(const poll_want& want, double stretch) {
  const double mine = std::max(1.0, stretch * std::exp2(-want.priority));
  return std::max({1.0, as_seconds(want.wanted) * mine, as_seconds(want.natural)});
}

double cost_of(std::span<const poll_want> wants, double stretch, seconds left) {
  double cost = 0;
  for (const auto& want : wants) {
    cost += want.requests * as_seconds(left) / distance(want, stretch) + more_requests(want, left);
  }
  return cost;
}

}  // namespace

double more_requests(const poll_want& want, seconds left) {
  return want.requests * want.more_windows_a_day * as_seconds(left) / as_seconds(std::chrono::days(1));
}

double stretch_for(std::span<const poll_want> wants, double credits, seconds left) {
  if (cost_of(wants, 1, left) <= credits) return 1;
  // One poll in all that is left of the day: further apart is no number for people.
  double most = 1;
  for (const auto& want : wants) {
    most = std::max(most, as_seconds(left) / std::max(1.0, as_seconds(want.wanted) * std::exp2(-want.priority)));
  }
  constexpr int halvings = 60;
  double low = 1;
  double high = most;
  for (int i = 0; i < halvings; ++i) {
    const double middle = std::sqrt(low * high);
    (cost_of(wants, middle, left) > credits ? low : high) = middle;
  }
  return high;
}

seconds stretched(const poll_want& want, double stretch) {
  const double mine = std::max(1.0, stretch * std::exp2(-want.priority));
  return seconds(std::llround(as_seconds(want.wanted) * mine));
}

seconds affordable_for(std::span<const poll_want> wants, std::size_t group, double stretch, double credits,
                       seconds left) {
  const auto& mine = wants[group];
  const double spare = std::max(0.0, credits - cost_of(wants, stretch, left));
  const double polls = as_seconds(left) / distance(mine, stretch) +
                       spare / static_cast<double>(wants.size()) / std::max(1, mine.requests);
  return seconds(std::llround(std::min(as_seconds(left), as_seconds(left) / std::max(polls, 1.0))));
}

}  // namespace oes
