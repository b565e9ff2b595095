#include "async/clock.hpp"

#include <thread>

namespace oes {

steady_time steady_now() { return std::chrono::steady_clock::now(); }

steady_time steady_after(steady_span span) {
  const auto now = steady_now();
  return span > steady_time::max() - now ? steady_time::max() : now + span;
}

utc_time wall_now() {
  return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
}

void hold_thread(steady_span span) { std::this_thread::sleep_for(span); }

utc_time time_source::now() const {
  const auto passed = static_cast<double>((wall_now() - settings_.real_anchor).count()) * settings_.speed;
  return settings_.shown_anchor + std::chrono::microseconds(static_cast<std::int64_t>(passed));
}

steady_span time_source::real(std::chrono::microseconds shown) const {
  return std::chrono::nanoseconds(
      static_cast<std::int64_t>(static_cast<double>(shown.count()) * 1000.0 / settings_.speed));
}

}  // namespace oes
