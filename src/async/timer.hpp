#pragma once
// Waits that end by the (monotonic) clock. With event.hpp the only timers of the product.
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>

#include "async/clock.hpp"

namespace oes {

/// true: the span has passed. false: the waiting coroutine was cancelled first.
boost::asio::awaitable<bool> pause_for(steady_span span);
boost::asio::awaitable<bool> pause_until(steady_time when);

/// Calls back on its executor, once per call_after(), unless cancelled or destroyed first. For what is no coroutine.
class call_timer {
 public:
  explicit call_timer(const boost::asio::any_io_executor& where);
  ~call_timer();
  call_timer(const call_timer&) = delete;
  call_timer& operator=(const call_timer&) = delete;

  void call_after(steady_span span, std::function<void()> what);
  void cancel();

 private:
  struct machinery;
  std::unique_ptr<machinery> machinery_;
};

}  // namespace oes
