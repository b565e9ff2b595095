#pragma once
// Whose labels a world's API serves, and how slow things are with them.
#include <algorithm>
#include <chrono>

#include "model/interval.hpp"
#include "model/network.hpp"

namespace oes::simulation {

struct served_grid {
  network net = network::nem;
  interval_size interval = interval_size::m5;

  [[nodiscard]] network_time next(network_time label) const { return bucket_add(label, interval, 1); }
  [[nodiscard]] network_time floor(network_time when) const { return bucket_floor(when, interval); }
  [[nodiscard]] network_time floor(utc_time when) const { return floor(to_network_time(when, net)); }
  /// When a bucket is over.
  [[nodiscard]] utc_time end_of(network_time label) const {
    return to_utc(data_of(label, next(label), interval).end, net);
  }
  /// What takes minutes with labels of five, takes so many times as long: of a day at most.
  [[nodiscard]] int scale() const {
    const auto step = fixed_step(interval).value_or(std::chrono::days(1));
    return static_cast<int>(std::min<std::chrono::seconds>(step, std::chrono::days(1)) / std::chrono::minutes(5));
  }
  [[nodiscard]] bool is_native() const { return interval == interval_size::m5; }
};

}  // namespace oes::simulation
