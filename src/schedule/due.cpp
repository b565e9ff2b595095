#include "schedule/due.hpp"

#include <algorithm>

namespace oes {

bool is_due(const re_read& cadence, std::optional<network_time> last, network_time now) {
  // One that lies ahead was noted by a clock that was corrected since.
  if (cadence.with_each_poll() || !last || *last > now) return true;
  if (cadence.every && now - *last >= *cadence.every) return true;
  const auto midnight = std::chrono::floor<std::chrono::days>(now);
  return std::any_of(cadence.at.begin(), cadence.at.end(), [&](std::chrono::seconds time_of_day) {
    const auto today = midnight + time_of_day;
    const auto latest = today <= now ? today : today - std::chrono::days(1);
    return latest > *last;
  });
}

}  // namespace oes
