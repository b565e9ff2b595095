#include "simulation/machine/leaving.hpp"

#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstdlib>
#include <map>
#include <utility>

namespace oes::simulation {
namespace {

// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): a function of the C library is handed nothing
std::map<const process*, std::function<void(int)>> listeners;

}  // namespace

void when_it_leaves(const process& whose, std::function<void(int)> told) { listeners[&whose] = std::move(told); }

}  // namespace oes::simulation

// A dying process sees to it that it dies: here it does.
extern "C" unsigned int alarm(unsigned int seconds) noexcept {
  using namespace oes::simulation;
  const auto* here = machine::running();
  if (here != nullptr && here->current_process() != nullptr) return 0;
  const itimerval until{{0, 0}, {static_cast<time_t>(seconds), 0}};
  setitimer(ITIMER_REAL, &until, nullptr);
  return 0;
}

extern "C" void _Exit(int code) noexcept {
  using namespace oes::simulation;
  auto* here = machine::running();
  auto* whose = here == nullptr ? nullptr : here->current_process();
  if (whose != nullptr) {
    const auto told = listeners.find(whose);
    if (told != listeners.end()) told->second(code);
    here->kill(*whose);
  }
  for (;;) syscall(SYS_exit_group, code);
}
