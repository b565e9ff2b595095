// E1: a cancelled wait is not a success.
#include "async/event.hpp"

#include <doctest/doctest.h>

#include <memory>

#include "async/race.hpp"
#include "support/run_on_loop.hpp"

namespace {

namespace asio = boost::asio;
using oes::event;

asio::awaitable<bool> ended_at_once() { co_return true; }

asio::awaitable<void> keep(event& one, bool& set) {
  const bool happened = co_await one.wait();
  set = happened;
}

asio::awaitable<bool> cancelled_wait(event& one) {
  bool set = true;
  auto racing = oes::race(ended_at_once(), keep(one, set));
  auto first = co_await std::move(racing);
  static_cast<void>(first);
  co_return set;
}

asio::awaitable<bool> set_and_cleared(asio::io_context& loop) {
  event one(loop.get_executor());
  asio::post(loop, [&] {
    one.set();
    one.clear();
  });
  const bool woken = co_await one.wait();
  co_return woken && !one.is_set();
}

asio::awaitable<void> wait_on(std::shared_ptr<event> one) {
  const bool set = co_await one->wait();
  static_cast<void>(set);
}

}  // namespace

TEST_CASE("E1: a wait that is cancelled says so, and one that was set says that") {
  asio::io_context loop(1);
  event one(loop.get_executor());
  CHECK_FALSE(oes::test::run_on_loop(loop, cancelled_wait(one)));
  one.set();
  CHECK(oes::test::run_on_loop(loop, one.wait()));
  CHECK(oes::test::run_on_loop(loop, one.wait_for(std::chrono::hours(1))));
}

TEST_CASE("whoever waited is woken by set() even where clear() follows at once") {
  asio::io_context loop(1);
  CHECK(oes::test::run_on_loop(loop, set_and_cleared(loop)));
}

TEST_CASE("a wait without patience does not give the loop a turn") {
  asio::io_context loop(1);
  event one(loop.get_executor());
  CHECK_FALSE(oes::test::run_on_loop(loop, one.wait_for(std::chrono::seconds(0))));
  CHECK_FALSE(oes::test::run_on_loop(loop, one.wait_for(std::chrono::milliseconds(1))));
}

TEST_CASE("E1: a loop that is torn down under waiting coroutines leaves nothing behind") {
  auto loop = std::make_unique<asio::io_context>(1);
  auto one = std::make_shared<event>(loop->get_executor());
  asio::co_spawn(*loop, wait_on(one), [](const std::exception_ptr&) {});
  loop->poll();
  CHECK_NOTHROW(loop.reset());
  one->set();
}
