#include "schedule/turns.hpp"

#include <algorithm>

namespace oes {

void turns::ended(const turn_end& how, run_time now) {
  const lane again{now + how.pause, how.wants_the_budget};
  if (how.taken == turn::behind) {
    behind_ = again;
    // Nobody is near: there is one turn only, and one wait.
    if (how.wanted == turn::live) live_ = how.others_wait ? lane{now + how.live} : again;
    return;
  }
  live_ = again;
  if (!how.others_wait) {
    behind_ = {never};
  } else if (how.wanted == turn::behind) {
    behind_ = {now + how.live};  // they had nothing to ask for
  } else if (behind_.due == never) {
    behind_ = {now};
  }
}

void turns::eased(run_time now, std::chrono::microseconds live) {
  live_.due = std::min(live_.due, live_.wants_the_budget ? now : now + live);
  if (behind_.wants_the_budget) behind_.due = std::min(behind_.due, now);
}

}  // namespace oes
