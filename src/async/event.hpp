#pragma once
// An event that coroutines wait for: a tap that closes, a batch whose fate is known. One thread only.
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <list>

#include "async/clock.hpp"

namespace oes {

class event {
 public:
  explicit event(boost::asio::any_io_executor loop) : loop_(std::move(loop)) {}
  ~event();
  event(const event&) = delete;
  event& operator=(const event&) = delete;

  /// Wakes everyone who waits; later waits return at once, until clear().
  void set();
  void clear() { set_ = false; }
  [[nodiscard]] bool is_set() const { return set_; }

  /// true: it was set. false: the waiting coroutine was cancelled first, and nothing may be concluded.
  boost::asio::awaitable<bool> wait();
  /// The same, or false when the time has passed.
  boost::asio::awaitable<bool> wait_for(steady_span patience);
  boost::asio::awaitable<bool> wait_until(steady_time deadline);

 private:
  struct waiter;
  boost::asio::any_io_executor loop_;
  std::list<waiter*> waiters_;
  bool set_ = false;
};

}  // namespace oes
