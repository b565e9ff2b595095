#pragma once
// A command's loop: one coroutine, and whatever it starts, to the end.
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <optional>
#include <string_view>
#include <utility>

namespace oes {

/// Runs `work` on `loop` until nothing is left to do there. An exception that leaves it ends the process
/// (last_words.hpp), named `who`.
void run_to_end(boost::asio::io_context& loop, std::string_view who, boost::asio::awaitable<void> work);

namespace running {

template <class T>
boost::asio::awaitable<void> keep(boost::asio::awaitable<T> work, std::optional<T>& into) {
  auto value = co_await std::move(work);
  into.emplace(std::move(value));
}

}  // namespace running

template <class T>
T run_to_end(boost::asio::io_context& loop, std::string_view who, boost::asio::awaitable<T> work) {
  std::optional<T> answer;
  run_to_end(loop, who, running::keep(std::move(work), answer));
  return std::move(*answer);
}

}  // namespace oes
