#pragma once
// Runs a coroutine on a loop to its end, with a deadline.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <exception>
#include <optional>
#include <stdexcept>

namespace oes::test {

template <class T>
T run_on_loop(boost::asio::io_context& loop, boost::asio::awaitable<T> work) {
  std::optional<T> value;
  std::exception_ptr failure;
  boost::asio::co_spawn(loop, std::move(work), [&](const std::exception_ptr& thrown, T got) {
    failure = thrown;
    value.emplace(std::move(got));
    loop.stop();
  });
  loop.restart();
  loop.run_for(std::chrono::seconds(10));
  if (failure) std::rethrow_exception(failure);
  if (!value) throw std::runtime_error("the coroutine did not end within its deadline");
  return std::move(*value);
}

}  // namespace oes::test
