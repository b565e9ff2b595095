#pragma once
// Coroutines with an owner that awaits them (house rule S7). Loop thread only.
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <exception>

#include "pipeline/event.hpp"

namespace oes {

class children {
 public:
  explicit children(const boost::asio::any_io_executor& loop) : loop_(loop), all_done_(loop) {}
  /// Starts a child. Everything that it refers to must outlive join().
  void start(boost::asio::awaitable<void> work);
  /// Waits for every child; rethrows the first exception that left one. Must be awaited before destruction.
  boost::asio::awaitable<void> join();

 private:
  boost::asio::any_io_executor loop_;
  event all_done_;
  std::size_t running_ = 0;
  bool joining_ = false;
  std::exception_ptr first_failure_;
};

}  // namespace oes
