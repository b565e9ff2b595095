#include "model/clock.hpp"

namespace oes {

utc_time time_source::now() const {
  const auto real_now = std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
  const auto passed = static_cast<double>((real_now - settings_.real_anchor).count()) * settings_.speed;
  return settings_.shown_anchor + std::chrono::microseconds(static_cast<std::int64_t>(passed));
}

std::chrono::steady_clock::duration time_source::real(std::chrono::microseconds shown) const {
  return std::chrono::nanoseconds(
      static_cast<std::int64_t>(static_cast<double>(shown.count()) * 1000.0 / settings_.speed));
}

}  // namespace oes
