#pragma once
// Work on a large answer goes slice by slice: health, watchdog and signals are served in between.
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstddef>

namespace oes {

/// Points that are looked at in about 3 ms.
inline constexpr std::size_t points_per_slice = 50'000;

/// `work(steps)` does about so much and returns true when all is done. It outlives the wait.
template <class Work>
boost::asio::awaitable<void> in_slices(boost::asio::any_io_executor loop, Work& work,
                                       std::size_t steps = points_per_slice) {
  while (!work(steps)) co_await boost::asio::post(loop, boost::asio::use_awaitable);
}

}  // namespace oes
