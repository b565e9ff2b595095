#include "async/event.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace oes {

namespace asio = boost::asio;

/// In the frame of a coroutine that waits. Whichever of frame and event goes first lets go of the other: where a loop
/// is torn down, frames are destroyed in any order.
struct event::waiter {
  waiter(event& of, steady_time deadline) : owner(&of), timer(of.loop_, deadline) { of.waiters_.push_back(this); }
  ~waiter() {
    if (owner != nullptr) owner->waiters_.remove(this);
  }
  waiter(const waiter&) = delete;
  waiter& operator=(const waiter&) = delete;

  event* owner;
  asio::steady_timer timer;
  bool woken = false;
};

event::~event() {
  for (auto* one : waiters_) one->owner = nullptr;
}

void event::set() {
  set_ = true;
  for (auto* one : waiters_) {
    one->woken = true;
    one->timer.cancel();
  }
}

asio::awaitable<bool> event::wait() { return wait_until(steady_time::max()); }

asio::awaitable<bool> event::wait_for(steady_span patience) { return wait_until(steady_after(patience)); }

asio::awaitable<bool> event::wait_until(steady_time deadline) {
  if (set_ || deadline <= steady_now()) co_return set_;
  waiter me(*this, deadline);
  const auto [ended] = co_await me.timer.async_wait(asio::as_tuple(asio::use_awaitable));
  static_cast<void>(ended);
  co_return me.woken;
}

}  // namespace oes
