#include "simulation/machine/leaving.hpp"

#include <sys/syscall.h>
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
