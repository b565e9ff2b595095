// epoll as Asio's loops use it: to sleep until a timer is due, or until another thread has posted something. There are
// no descriptors in a world.
#include <sys/epoll.h>
#include <sys/timerfd.h>

#include <cerrno>
#include <chrono>
#include <map>
#include <optional>

#include "simulation/machine/machine.hpp"

namespace {

using namespace oes::simulation;

struct bell {
  std::map<void*, std::uint32_t> rung;
  fiber* waiter = nullptr;
};

// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): as the kernel's
std::map<int, bell> bells;
// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): as the kernel's
int next_bell = 1 << 20;

int deliver(bell& one, epoll_event* events, int most) {
  int count = 0;
  while (!one.rung.empty() && count < most) {
    const auto first = one.rung.begin();
    events[count].events = first->second;
    events[count].data.ptr = first->first;
    one.rung.erase(first);
    ++count;
  }
  return count;
}

}  // namespace

extern "C" {

int epoll_create1(int /*flags*/) { return next_bell++; }
int epoll_create(int /*size*/) { return next_bell++; }

// Without one, Asio tells epoll_wait how long until the next timer.
int timerfd_create(int /*clock*/, int /*flags*/) {
  errno = ENOSYS;
  return -1;
}

// Arming what is readable already is how Asio rings.
int epoll_ctl(int which, int operation, int /*descriptor*/, epoll_event* event) {
  if (operation != EPOLL_CTL_MOD) return 0;
  auto& one = bells[which];
  one.rung[event->data.ptr] = EPOLLIN;
  machine::running()->wake(one.waiter);
  return 0;
}

int epoll_wait(int which, epoll_event* events, int most, int timeout_ms) {
  auto& one = bells[which];
  if (one.rung.empty() && timeout_ms != 0) {
    auto* here = machine::running();
    one.waiter = here->current();
    std::optional<virtual_time> until;
    if (timeout_ms > 0) until = here->now() + std::chrono::milliseconds(timeout_ms);
    here->park(until);
    one.waiter = nullptr;
  }
  return deliver(one, events, most);
}

}  // extern "C"
