#include "pipeline/event.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace oes {

namespace asio = boost::asio;

event::event(const asio::any_io_executor& loop) : signal_(loop, asio::steady_timer::time_point::max()) {}

void event::set() {
  set_ = true;
  signal_.cancel();
}

asio::awaitable<void> event::wait() {
  if (set_) co_return;
  auto [failed] = co_await signal_.async_wait(asio::as_tuple(asio::use_awaitable));
  static_cast<void>(failed);  // cancelled is what set() does
}

asio::awaitable<bool> event::wait_for(std::chrono::steady_clock::duration patience) {
  using namespace asio::experimental::awaitable_operators;
  if (set_ || patience <= std::chrono::steady_clock::duration::zero()) co_return set_;
  asio::steady_timer limit(signal_.get_executor(), patience);
  auto patience_ends = limit.async_wait(asio::as_tuple(asio::use_awaitable));
  auto happens = wait();
  auto first = co_await (std::move(happens) || std::move(patience_ends));
  static_cast<void>(first);
  co_return set_;
}

}  // namespace oes
