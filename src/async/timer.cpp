#include "async/timer.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace oes {

namespace asio = boost::asio;

asio::awaitable<bool> pause_for(steady_span span) { return pause_until(steady_after(span)); }

asio::awaitable<bool> pause_until(steady_time when) {
  const auto executor = co_await asio::this_coro::executor;
  asio::steady_timer timer(executor, when);
  const auto [cancelled] = co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
  co_return !cancelled;
}

struct call_timer::machinery {
  asio::steady_timer timer;
};

call_timer::call_timer(const asio::any_io_executor& where)
    : machinery_(std::make_unique<machinery>(machinery{asio::steady_timer(where)})) {}

call_timer::~call_timer() = default;

void call_timer::call_after(steady_span span, std::function<void()> what) {
  machinery_->timer.expires_after(span);
  machinery_->timer.async_wait([what = std::move(what)](const boost::system::error_code& cancelled) {
    if (!cancelled) what();
  });
}

void call_timer::cancel() { machinery_->timer.cancel(); }

}  // namespace oes
