#include "schedule/guaranteed_part.hpp"

#include <algorithm>

namespace oes {

void guaranteed_part::see_day(utc_time began, double a_day, double share) {
  if (began != day_began_) {
    const bool goes_on = is_waited_for_ && began > day_began_;
    saved_ = goes_on ? left() : 0;
    used_ = 0;
    is_waited_for_ = false;
    day_began_ = began;
  }
  a_day_ = a_day;
  saved_ = std::clamp(saved_, 0.0, std::max(0.0, share - a_day));
}

// A part of a credit pays for a whole one.
bool guaranteed_part::pays(std::int64_t requests) const { return static_cast<double>(requests - 1) < left(); }

void guaranteed_part::give_back(std::int64_t requests) { used_ = std::max<std::int64_t>(0, used_ - requests); }

double guaranteed_part::left() const { return a_day_ + saved_ - static_cast<double>(used_); }

}  // namespace oes
