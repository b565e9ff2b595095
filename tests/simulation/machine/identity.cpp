// What a process takes from its host to be unlike others: of a world's seed here.
#include <unistd.h>

#include <random>

#include "simulation/machine/machine.hpp"

namespace {

using oes::simulation::machine;

std::uint64_t mixed(std::uint64_t& state) {
  state += 0x9e3779b97f4a7c15U;
  auto z = state;
  z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
  return z ^ (z >> 31U);
}

}  // namespace

namespace std {

void random_device::_M_init(const string& /*token*/) {}
void random_device::_M_fini() {}
random_device::result_type random_device::_M_getval() {
  return static_cast<result_type>(mixed(machine::running()->current_process()->randomness));
}

}  // namespace std

extern "C" pid_t getpid() {
  const auto* here = machine::running();
  const auto* whose = here == nullptr ? nullptr : here->current_process();
  return whose == nullptr ? 1 : 1000 + whose->number;
}

extern "C" int gethostname(char* name, size_t size) {
  constexpr char host[] = "host";
  if (size < sizeof host) return -1;
  __builtin_memcpy(name, host, sizeof host);
  return 0;
}
