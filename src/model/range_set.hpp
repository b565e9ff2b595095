#pragma once
// Sets of half-open ranges of network time: what is covered, what is missing.
#include <optional>
#include <vector>

#include "model/time.hpp"

namespace oes {

/// begin <= t < end
struct time_range {
  network_time begin;
  network_time end;
  [[nodiscard]] bool empty() const { return begin >= end; }
  bool operator==(const time_range&) const = default;
};

/// Disjoint, ascending, never touching.
class range_set {
 public:
  range_set() = default;
  void add(time_range r);
  void remove(time_range r);
  [[nodiscard]] bool contains(network_time t) const;
  /// The parts of `within` that the set does not hold, ascending.
  [[nodiscard]] std::vector<time_range> missing(time_range within) const;
  [[nodiscard]] const std::vector<time_range>& ranges() const { return ranges_; }
  [[nodiscard]] bool empty() const { return ranges_.empty(); }
  bool operator==(const range_set&) const = default;

 private:
  std::vector<time_range> ranges_;
};

}  // namespace oes
