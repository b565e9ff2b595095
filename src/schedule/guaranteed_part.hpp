#pragma once
// What of each credit day a backfill has in any case. Where a day's part does not pay for requests that go together, it
// is saved up from day to day, as long as somebody waits for it. Time is a parameter.
#include <cstdint>

#include "model/time.hpp"

namespace oes {

class guaranteed_part {
 public:
  /// Which credit day it is, and what of it is guaranteed; with what was saved no more than `share`, all of a day.
  void see_day(utc_time began, double a_day, double share);
  [[nodiscard]] bool pays(std::int64_t requests) const;
  void take(std::int64_t requests) { used_ += requests; }
  /// Taken and not made, or made for nothing.
  void give_back(std::int64_t requests);
  /// Somebody waits for what it does not pay for yet.
  void keep_for_tomorrow() { is_waited_for_ = true; }
  [[nodiscard]] double left() const;

 private:
  utc_time day_began_{};
  double a_day_ = 0;
  double saved_ = 0;  ///< of the days before
  std::int64_t used_ = 0;
  bool is_waited_for_ = false;  ///< today
};

}  // namespace oes
