#include "pipeline/waiting.hpp"

#include <utility>

#include "async/race.hpp"

namespace oes {

namespace asio = boost::asio;

asio::awaitable<woken> wait_in_turn(corridor& c, steady_span patience) {
  if (c.eased == nullptr) {
    const bool closed = co_await c.tap.wait_for(patience);
    co_return closed ? woken::stopped : woken::in_time;
  }
  auto closing = c.tap.wait_for(patience);
  auto easing = c.eased->wait();
  auto racing = race(std::move(closing), std::move(easing));
  auto first = co_await std::move(racing);
  if (c.tap.is_set()) co_return woken::stopped;
  co_return first.index() == 1 ? woken::eased : woken::in_time;
}

}  // namespace oes
