#include "simulation/machine/machine.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <utility>

namespace oes::simulation {
namespace {

// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): a function of the C library is handed nothing
machine* the_one = nullptr;

}  // namespace

machine::machine() { the_one = this; }
machine::~machine() { the_one = nullptr; }
machine* machine::running() { return the_one; }

process* machine::current_process() const { return current_ == nullptr ? nullptr : &current_->of; }

void machine::at(virtual_time when, process* of, std::function<void()> what) {
  queue_.push_back({std::max(when, now_), order_++, of, std::move(what)});
  std::push_heap(queue_.begin(), queue_.end(), std::greater<>());
}

fiber* machine::start(process& of, std::string name, std::function<void()> work) {
  auto* one = new fiber(of, std::move(name), std::move(work));  // lives as long as the world
  ready(one);
  return one;
}

void machine::ready(fiber* one) {
  if (std::exchange(one->queued, true)) return;
  ready_.push_back(one);
}

bool machine::park(std::optional<virtual_time> until) {
  auto* self = current_;
  if (self == nullptr) {
    std::fputs("simulation: something blocks that is not a thread of a process\n", stderr);
    std::abort();
  }
  const auto parking = ++self->parking;
  self->parked = true;
  self->woken = false;
  if (until) {
    at(*until, &self->of, [this, self, parking] {
      if (!self->parked || self->parking != parking) return;
      self->parked = false;
      ready(self);
    });
  }
  self->give_way();
  return self->woken;
}

void machine::wake(fiber* one) {
  if (one == nullptr || !one->parked) return;
  one->parked = false;
  one->woken = true;
  ready(one);
}

void machine::kill(process& one) {
  one.alive = false;
  if (current_ != nullptr && &current_->of == &one) current_->give_way();
}

void machine::go_on(process& one) {
  one.stopped = false;
  for (auto& what : std::exchange(one.later, {})) at(now_, &one, std::move(what));
}

void machine::run_ready() {
  while (!ready_.empty() && !halted_) {
    auto* one = ready_.front();
    ready_.pop_front();
    one->queued = false;
    if (!one->of.alive || one->over) continue;
    if (one->of.stopped) {
      one->of.later.emplace_back([this, one] { ready(one); });
      continue;
    }
    ++steps_;
    current_ = one;
    one->resume();
    current_ = nullptr;
    if (one->over && one->joiner != nullptr) wake(one->joiner);
  }
}

void machine::note(std::string_view what) {
  constexpr std::uint64_t prime = 1099511628211U;
  fingerprint_ = (fingerprint_ ^ static_cast<std::uint64_t>(now_.count())) * prime;
  for (const char c : what) fingerprint_ = (fingerprint_ ^ static_cast<unsigned char>(c)) * prime;
}

void machine::run_until(virtual_time end) {
  run_ready();
  while (!halted_ && !queue_.empty() && queue_.front().when <= end) {
    std::pop_heap(queue_.begin(), queue_.end(), std::greater<>());
    auto next = std::move(queue_.back());
    queue_.pop_back();
    now_ = next.when;
    if (next.of != nullptr && !next.of->alive) continue;
    if (next.of != nullptr && next.of->stopped) {
      next.of->later.push_back(std::move(next.what));
      continue;
    }
    next.what();
    run_ready();
  }
  if (!halted_ && now_ < end) now_ = end;
}

}  // namespace oes::simulation
