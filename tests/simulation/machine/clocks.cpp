// The C and C++ libraries' clocks and sleeps, by the machine's time. The executable's own definitions go before those
// of the shared libraries.
#include <ctime>

#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "simulation/machine/machine.hpp"

namespace {

using oes::simulation::machine;
using std::chrono::nanoseconds;
using std::chrono::seconds;

// Hosts have been up for some days: an instant of zero means never in places.
constexpr nanoseconds up_for = std::chrono::hours(240);
// Monday 2026-11-23T00:00:00Z.
constexpr nanoseconds wall_began = seconds(1'795'392'000);

nanoseconds real(clockid_t which) {
  timespec now{};
  clock_gettime(which, &now);
  return seconds(now.tv_sec) + nanoseconds(now.tv_nsec);
}

int sleep_until(nanoseconds when) {
  auto* here = machine::running();
  while (here->now() < when) here->park(when);
  return 0;
}

}  // namespace

namespace std::chrono {
inline namespace _V2 {

steady_clock::time_point steady_clock::now() noexcept {
  const auto* here = machine::running();
  return time_point(here == nullptr ? real(CLOCK_MONOTONIC) : up_for + here->now());
}

system_clock::time_point system_clock::now() noexcept {
  const auto* here = machine::running();
  if (here == nullptr) return time_point(real(CLOCK_REALTIME));
  const auto* whose = here->current_process();
  return time_point(wall_began + here->now() + (whose == nullptr ? nanoseconds() : whose->wall_ahead));
}

}  // namespace _V2
}  // namespace std::chrono

extern "C" int nanosleep(const timespec* span, timespec* /*rest*/) {
  auto* here = machine::running();
  return sleep_until(here->now() + seconds(span->tv_sec) + nanoseconds(span->tv_nsec));
}
