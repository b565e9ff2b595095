#pragma once
// A one-shot event that coroutines wait for: a tap that closes, a batch whose fate is known. Loop thread only.
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>

namespace oes {

class event {
 public:
  explicit event(const boost::asio::any_io_executor& loop);
  void set();
  [[nodiscard]] bool is_set() const { return set_; }
  /// Returns when set, or when cancelled.
  boost::asio::awaitable<void> wait();
  /// Returns when set (true), when `patience` has passed (false), or when cancelled (false).
  boost::asio::awaitable<bool> wait_for(std::chrono::steady_clock::duration patience);

 private:
  boost::asio::steady_timer signal_;
  bool set_ = false;
};

}  // namespace oes
