// POSIX threads and condition variables, as the machine plays them. Mutexes stay what they are: nobody gives way while
// it holds one.
#include <pthread.h>

#include <bits/atomic_futex.h>
#include <algorithm>
#include <cerrno>
#include <chrono>
#include <deque>
#include <map>
#include <optional>

#include "simulation/machine/machine.hpp"

namespace {

using namespace oes::simulation;

// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): as the kernel's
std::map<const void*, std::deque<fiber*>> waiting;

// Instants of the monotonic clock, as clocks.cpp shows it.
virtual_time from_steady(const timespec& when) {
  const auto shown = std::chrono::seconds(when.tv_sec) + std::chrono::nanoseconds(when.tv_nsec);
  auto* here = machine::running();
  return here->now() + (shown - std::chrono::steady_clock::now().time_since_epoch());
}
virtual_time from_wall(const timespec& when) {
  const auto shown = std::chrono::seconds(when.tv_sec) + std::chrono::nanoseconds(when.tv_nsec);
  auto* here = machine::running();
  return here->now() + (shown - std::chrono::system_clock::now().time_since_epoch());
}

bool wait_at(const void* address, std::optional<virtual_time> until) {
  auto* here = machine::running();
  auto* self = here->current();
  waiting[address].push_back(self);
  const bool woken = here->park(until);
  auto found = waiting.find(address);
  if (found != waiting.end()) {
    std::erase(found->second, self);
    if (found->second.empty()) waiting.erase(found);
  }
  return woken;
}

void wake_at(const void* address, bool all) {
  const auto found = waiting.find(address);
  if (found == waiting.end()) return;
  auto* here = machine::running();
  for (auto* one : found->second) {
    const bool wakes = one->parked;
    here->wake(one);
    if (wakes && !all) return;
  }
}

int wait_on(pthread_cond_t* condition, pthread_mutex_t* mutex, std::optional<virtual_time> until) {
  pthread_mutex_unlock(mutex);
  const bool woken = wait_at(condition, until);
  pthread_mutex_lock(mutex);
  return woken ? 0 : ETIMEDOUT;
}

}  // namespace

extern "C" {

int pthread_create(pthread_t* made, const pthread_attr_t* /*how*/, void* (*work)(void*), void* with) {
  auto* here = machine::running();
  auto* whose = here->current_process();
  auto* one = here->start(*whose, "thread", [work, with] { work(with); });
  *made = reinterpret_cast<pthread_t>(one);
  return 0;
}

int pthread_join(pthread_t which, void** /*value*/) {
  auto* one = reinterpret_cast<fiber*>(which);
  auto* here = machine::running();
  while (!one->over) {
    one->joiner = here->current();
    here->park(std::nullopt);
  }
  return 0;
}

int pthread_detach(pthread_t /*which*/) { return 0; }

int pthread_cond_wait(pthread_cond_t* condition, pthread_mutex_t* mutex) {
  return wait_on(condition, mutex, std::nullopt);
}

int pthread_cond_timedwait(pthread_cond_t* condition, pthread_mutex_t* mutex, const timespec* until) {
  return wait_on(condition, mutex, from_wall(*until));
}

int pthread_cond_clockwait(pthread_cond_t* condition, pthread_mutex_t* mutex, clockid_t clock, const timespec* until) {
  return wait_on(condition, mutex, clock == CLOCK_MONOTONIC ? from_steady(*until) : from_wall(*until));
}

int pthread_cond_signal(pthread_cond_t* condition) {
  wake_at(condition, false);
  return 0;
}

int pthread_cond_broadcast(pthread_cond_t* condition) {
  wake_at(condition, true);
  return 0;
}

}  // extern "C"

// What std::future waits by.
namespace std {

bool __atomic_futex_unsigned_base::_M_futex_wait_until_steady(unsigned* address, unsigned value, bool has_timeout,
                                                              chrono::seconds s, chrono::nanoseconds ns) {
  if (__atomic_load_n(address, __ATOMIC_RELAXED) != value) return true;
  if (!has_timeout) return wait_at(address, std::nullopt);
  return wait_at(address, from_steady({s.count(), ns.count()}));
}

bool __atomic_futex_unsigned_base::_M_futex_wait_until(unsigned* address, unsigned value, bool has_timeout,
                                                       chrono::seconds s, chrono::nanoseconds ns) {
  if (__atomic_load_n(address, __ATOMIC_RELAXED) != value) return true;
  if (!has_timeout) return wait_at(address, std::nullopt);
  return wait_at(address, from_wall({s.count(), ns.count()}));
}

void __atomic_futex_unsigned_base::_M_futex_notify_all(unsigned* address) { wake_at(address, true); }

}  // namespace std
