#pragma once
// Versions of records: what tells which of two values of one point is the newer.
#include <algorithm>
#include <cstdint>

#include "model/time.hpp"

namespace oes {

/// Hands out record versions: max(last + 1, microseconds since the epoch), strictly rising (records.md §1).
class version_counter {
 public:
  explicit version_counter(std::int64_t last) : last_(last) {}
  /// Called once per chunk with the wall clock; later next() calls count on from there.
  void see_clock(utc_time now) { last_ = std::max(last_, now.time_since_epoch().count() - 1); }
  std::int64_t next() { return ++last_; }
  [[nodiscard]] std::int64_t last() const { return last_; }

 private:
  std::int64_t last_;
};

}  // namespace oes
