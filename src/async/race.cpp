#include "async/race.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <exception>

namespace oes {
namespace {

namespace asio = boost::asio;

auto spawned(const asio::any_io_executor& executor, asio::awaitable<void> work) {
  return asio::co_spawn(executor, std::move(work), asio::deferred);
}
using spawned_branch = decltype(spawned(std::declval<asio::any_io_executor>(), std::declval<asio::awaitable<void>>()));

auto group_of(const asio::any_io_executor& executor, std::vector<asio::awaitable<void>> branches) {
  std::vector<spawned_branch> started;
  started.reserve(branches.size());
  for (auto& one : branches) started.push_back(spawned(executor, std::move(one)));
  return asio::experimental::make_parallel_group(std::move(started));
}

// How Asio ends a coroutine that awaits something after it was cancelled.
bool says_cancelled(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const boost::system::system_error& fault) {
    return fault.code() == asio::error::operation_aborted;
  } catch (...) {
    return false;
  }
}

}  // namespace

asio::awaitable<std::size_t> first_of(std::vector<asio::awaitable<void>> branches) {
  const auto executor = co_await asio::this_coro::executor;
  auto group = group_of(executor, std::move(branches));
  auto [order, thrown] = co_await group.async_wait(asio::experimental::wait_for_one(), asio::use_awaitable);
  for (const auto branch : order) {
    if (thrown[branch] && !says_cancelled(thrown[branch])) std::rethrow_exception(thrown[branch]);
  }
  if (thrown[order.front()]) std::rethrow_exception(thrown[order.front()]);
  co_return order.front();
}

asio::awaitable<void> when_all(std::vector<asio::awaitable<void>> branches) {
  const auto executor = co_await asio::this_coro::executor;
  auto group = group_of(executor, std::move(branches));
  auto [order, thrown] = co_await group.async_wait(asio::experimental::wait_for_one_error(), asio::use_awaitable);
  for (const auto branch : order) {
    if (thrown[branch] && !says_cancelled(thrown[branch])) std::rethrow_exception(thrown[branch]);
  }
  for (const auto branch : order) {
    if (thrown[branch]) std::rethrow_exception(thrown[branch]);
  }
}

}  // namespace oes
