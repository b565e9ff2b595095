#include "pipeline/expected_lag.hpp"

#include "schedule/window_planner.hpp"

namespace oes {
namespace {

// What the API itself may be late: NEM comes within minutes, WEM now and then after hours (and AU waits for it).
std::chrono::seconds lateness(network net) {
  return net == network::nem ? std::chrono::minutes(30) : std::chrono::hours(6);
}

std::chrono::seconds longest(interval_size interval) {
  const network_time january(std::chrono::days(4));
  const auto first = bucket_floor(january, interval);
  return bucket_add(first, interval, 1) - first;
}

}  // namespace

std::optional<std::chrono::seconds> expected_lag(const request_group& group, std::chrono::seconds granted) {
  const auto interval = group.identity.interval;
  if (interval == interval_size::season || interval == interval_size::fy) return std::nullopt;
  // The label names the interval's beginning; it is published once closed, and held back for one more at the edge.
  return 3 * longest(interval) + group.publish_after + settle_time(group.identity.net) + 2 * granted +
         lateness(group.identity.net);
}

}  // namespace oes
