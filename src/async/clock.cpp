#include "async/clock.hpp"

#include <algorithm>
#include <cmath>
#include <thread>

namespace oes {
namespace {

using std::chrono::microseconds;
using std::chrono::steady_clock;

// The host's clock is one that was set, not one that runs unevenly, where it moves by more.
constexpr std::chrono::seconds step{2};
// Two clocks that cannot be read at once are read again where something came between.
constexpr std::chrono::microseconds close_together{200};
constexpr int most_looks = 3;

microseconds shown(steady_clock::duration real, double speed) {
  const auto us = std::chrono::duration<double, std::micro>(real).count() * speed;
  return microseconds(static_cast<std::int64_t>(us));
}

}  // namespace

steady_time steady_now() { return steady_clock::now(); }

steady_time steady_after(steady_span span) {
  const auto now = steady_now();
  return span > steady_time::max() - now ? steady_time::max() : now + span;
}

utc_time wall_now() { return std::chrono::time_point_cast<microseconds>(std::chrono::system_clock::now()); }

void hold_thread(steady_span span) { std::this_thread::sleep_for(span); }

struct time_source::both_clocks {
  utc_time host;
  run_time run;
};

time_source::time_source() : time_source(clock_settings{}) {}

time_source::time_source(clock_settings settings)
    : settings_(settings), began_(steady_clock::now()), skew_(shown(step, std::max(1.0, settings.speed))) {}

run_time time_source::run() const { return run_at(steady_clock::now()); }

run_time time_source::run_at(steady_clock::time_point instant) const {
  return run_time(settings_.shown_anchor.time_since_epoch() + shown(instant - began_, settings_.speed));
}

time_source::both_clocks time_source::look_at_both() const {
  for (int looks = 1;; ++looks) {
    const auto before = steady_clock::now();
    const auto host = wall_now();
    const auto after = steady_clock::now();
    if (after - before > close_together && looks < most_looks) continue;
    const auto passed = shown(host - settings_.real_anchor, settings_.speed);
    return {settings_.shown_anchor + passed, run_at(before + (after - before) / 2)};
  }
}

clock_reading time_source::read() const {
  const auto both = look_at_both();
  return skew_.read(both.host, both.run);
}

void time_source::see(const dated_answer& answer) {
  static_cast<void>(read());  // whether it was set since
  skew_.see(answer);
}

steady_clock::duration time_source::real(microseconds shown_time) const {
  // Rounded up: who waits for it must not wake before, and wait for nothing again and again.
  const double exact = static_cast<double>(shown_time.count()) * 1000.0 / settings_.speed;
  return std::chrono::nanoseconds(static_cast<std::int64_t>(std::ceil(exact)));
}

}  // namespace oes
