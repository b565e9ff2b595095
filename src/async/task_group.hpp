#pragma once
// Coroutines with an owner that awaits them. One thread only.
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <string>

#include "async/event.hpp"
#include "async/failure.hpp"

namespace oes {

class task_group {
 public:
  /// `on_failure` is told of a child's exception at once, not at join(); the siblings go on unless it ends them.
  task_group(const boost::asio::any_io_executor& loop, failure_handler on_failure);
  /// Ends the process loudly where a child still runs: it would go on with references into what is gone.
  ~task_group();
  task_group(const task_group&) = delete;
  task_group& operator=(const task_group&) = delete;

  /// Starts a child. Everything that it refers to must outlive join(). `name` is what on_failure is told.
  void start(std::string name, boost::asio::awaitable<void> work);
  /// Waits for every child, also where the caller is cancelled meanwhile. Must be awaited before destruction.
  boost::asio::awaitable<void> join();
  [[nodiscard]] std::size_t running() const { return running_; }

 private:
  boost::asio::any_io_executor loop_;
  failure_handler on_failure_;
  event idle_;
  std::size_t running_ = 0;
};

}  // namespace oes
