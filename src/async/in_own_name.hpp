#pragma once
// Work of a coroutine that has children running: an exception of it must be told before the caller's frame, and with it
// their task group, is left. So it is a child itself, with a name.
#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <utility>

#include "async/run_loop.hpp"
#include "async/task_group.hpp"

namespace oes {

/// Where on_failure does not end the process (in tests): std::bad_optional_access follows.
template <class T>
boost::asio::awaitable<T> in_own_name(boost::asio::any_io_executor loop, failure_handler on_failure, std::string name,
                                      boost::asio::awaitable<T> work) {
  std::optional<T> value;
  task_group alone(loop, std::move(on_failure));
  alone.start(std::move(name), running::keep(std::move(work), value));
  co_await alone.join();
  co_return std::move(value.value());
}

inline boost::asio::awaitable<void> in_own_name(boost::asio::any_io_executor loop, failure_handler on_failure,
                                                std::string name, boost::asio::awaitable<void> work) {
  task_group alone(loop, std::move(on_failure));
  alone.start(std::move(name), std::move(work));
  co_await alone.join();
}

}  // namespace oes
