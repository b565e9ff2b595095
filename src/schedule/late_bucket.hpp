#pragma once
// Buckets of 1h and more are over, and settled, at known times: each is asked for right then. One that is not there by
// then is late, and is asked for again after about half as long as it has been late: a feed that is a day behind is not
// asked every five minutes. Pure; time is a parameter.
#include <chrono>
#include <optional>
#include <vector>

#include "model/interval.hpp"
#include "model/network.hpp"
#include "model/time.hpp"

namespace oes {

class late_bucket {
 public:
  /// `held_back`: from a bucket's end to when it is asked for.
  late_bucket(network net, interval_size interval, std::chrono::seconds held_back);

  /// After a cycle: the next label that each of those asked for waits for.
  void wanted(const std::vector<network_time>& positions, utc_time now);
  [[nodiscard]] bool is_late() const { return late_since_.has_value(); }
  /// Between two requests for what is late, at least.
  [[nodiscard]] std::chrono::seconds distance(utc_time now) const;
  /// The same where it has been late for long: a quarter of a bucket, at most six hours.
  [[nodiscard]] std::chrono::seconds longest_distance() const { return longest_; }
  /// When the next bucket is to be asked for.
  [[nodiscard]] utc_time next_close(utc_time now) const;

 private:
  [[nodiscard]] utc_time closes_at(network_time label) const;

  network net_;
  interval_size interval_;
  std::chrono::seconds held_back_;
  std::chrono::seconds longest_;
  std::optional<utc_time> late_since_;
};

}  // namespace oes
