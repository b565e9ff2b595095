#include "schedule/late_bucket.hpp"

#include <algorithm>

namespace oes {
namespace {

using std::chrono::seconds;

// Even a month that is late is there within a quarter of a day.
constexpr std::chrono::hours longest_lateness{6};

seconds quarter_of(interval_size interval) {
  const network_time monday(std::chrono::days(4));  // any bucket will do: months differ by little
  const auto first = bucket_floor(monday, interval);
  return (bucket_add(first, interval, 1) - first) / 4;
}

}  // namespace

late_bucket::late_bucket(network net, interval_size interval, seconds held_back)
    : net_(net),
      interval_(interval),
      held_back_(held_back),
      longest_(std::min<seconds>(quarter_of(interval), longest_lateness)) {}

utc_time late_bucket::closes_at(network_time label) const {
  return to_utc(data_of(label, bucket_add(label, interval_, 1), interval_).end + held_back_, net_);
}

// What has been late for the shortest time sets the pace: a member that is behind for good slows down no other.
void late_bucket::wanted(const std::vector<network_time>& positions, utc_time now) {
  late_since_.reset();
  for (const auto label : positions) {
    const auto closed = closes_at(label);
    if (closed <= now) late_since_ = std::max(late_since_.value_or(closed), closed);
  }
}

seconds late_bucket::distance(utc_time now) const {
  if (!late_since_) return seconds(0);
  return std::clamp(std::chrono::floor<seconds>(now - *late_since_) / 2, seconds(0), longest_);
}

utc_time late_bucket::next_close(utc_time now) const {
  return closes_at(first_open(to_network_time(now, net_) - held_back_, interval_));
}

}  // namespace oes
