#pragma once
// Runs a blocking call on the thread for blocking calls and brings its result back to the caller's executor.
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <functional>

namespace oes {

template <class T>
boost::asio::awaitable<T> call_as_coroutine(std::function<T()> work) {
  co_return work();
}

template <class T>
boost::asio::awaitable<T> on_blocking(boost::asio::any_io_executor blocking, std::function<T()> work) {
  auto call = call_as_coroutine<T>(std::move(work));
  auto outcome = co_await boost::asio::co_spawn(blocking, std::move(call), boost::asio::use_awaitable);
  co_return outcome;
}

}  // namespace oes
