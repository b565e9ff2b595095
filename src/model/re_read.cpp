#include "model/re_read.hpp"

#include <algorithm>

namespace oes {

using std::chrono::days;
using std::chrono::hours;

std::vector<re_read> usual_re_reads(network net, interval_size interval) {
  const std::chrono::seconds morning = hours(6);
  switch (interval) {
    case interval_size::m5: {
      re_read days_back{hours(72), {}, {morning}};
      // Metered values replace WEM's about a day later, at no fixed time (api.md §6).
      if (net == network::wem) days_back.at.emplace_back(hours(18));
      return {{hours(1), {}, {}}, {hours(12), hours(2), {}}, days_back};
    }
    case interval_size::h1:
      return {{hours(3), {}, {}}, {days(7), {}, {morning}}};
    case interval_size::d1:
      return {{days(3), {}, {}}, {days(7), {}, {morning}}};
    case interval_size::d7:
      return {{days(21), {}, {}}, {days(7), days(3), {}}};
    // The shortest bucket of its size: on a bucket's label that is the bucket before, never two. What the API rewrites
    // on the mornings after its end is not left wrong until the next one ends.
    case interval_size::mo1:
      return {{days(28), days(3), {}}};
    case interval_size::mo3:
    case interval_size::season:
      return {{days(90), days(3), {}}};
    case interval_size::y1:
    case interval_size::fy:
      return {{days(365), days(3), {}}};
  }
  return {};
}

std::chrono::seconds horizon_of(const std::vector<re_read>& cadences) {
  std::chrono::seconds farthest{0};
  for (const auto& one : cadences) farthest = std::max(farthest, one.back);
  return farthest;
}

}  // namespace oes
