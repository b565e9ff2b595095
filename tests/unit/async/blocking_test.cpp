#include "async/blocking.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <boost/asio/thread_pool.hpp>
#include <future>
#include <stdexcept>

#include "async/race.hpp"
#include "support/run_on_loop.hpp"

namespace {

namespace asio = boost::asio;
using oes::wait_end;

struct blocking_story {
  asio::thread_pool blocking{1};
  asio::io_context loop{1};
};

asio::awaitable<std::string> what_it_throws(blocking_story& s) {
  std::string what = "nothing";
  try {
    auto running =
        oes::run_blocking<int>(s.blocking.get_executor(), []() -> int { throw std::runtime_error("poison"); });
    const int value = co_await std::move(running);
    what = std::to_string(value);
  } catch (const std::exception& thrown) {
    what = thrown.what();
  }
  co_return what;
}

asio::awaitable<bool> at_once() { co_return true; }

asio::awaitable<bool> leave_a_job(blocking_story& s, std::atomic<bool>& ended) {
  auto running = oes::run_blocking<int>(s.blocking.get_executor(), [&ended] {
    ended = true;
    return 1;
  });
  auto racing = oes::race(at_once(), std::move(running));
  auto first = co_await std::move(racing);
  static_cast<void>(first);
  co_return ended.load();
}

asio::awaitable<wait_end> leave_steps(blocking_story& s, std::function<bool()> step) {
  auto steps = oes::run_in_steps(s.blocking.get_executor(), std::move(step), std::chrono::milliseconds(0));
  const wait_end end = co_await std::move(steps);
  co_return end;
}

}  // namespace

TEST_CASE("a blocking call's value and exception come to the caller") {
  blocking_story s;
  CHECK(oes::test::run_on_loop(s.loop, oes::run_blocking<int>(s.blocking.get_executor(), [] { return 7; })) == 7);
  CHECK(oes::test::run_on_loop(s.loop, what_it_throws(s)) == "poison");
}

TEST_CASE("E1: a blocking call is awaited also where its race is over: nothing that it refers to goes first") {
  blocking_story s;
  std::atomic<bool> ended = false;
  CHECK(oes::test::run_on_loop(s.loop, leave_a_job(s, ended)));
}

TEST_CASE("steps are repeated until one says that it is done") {
  blocking_story s;
  int calls = 0;
  auto steps = oes::run_in_steps(
      s.blocking.get_executor(), [&calls] { return ++calls == 3; }, std::chrono::minutes(1));
  CHECK(oes::test::run_on_loop(s.loop, std::move(steps)) == wait_end::done);
  CHECK(calls == 3);
}

TEST_CASE("steps that come to their ends are waited for, however long all of them take") {
  blocking_story s;
  std::atomic<bool> done = false;
  const auto until = oes::steady_now() + std::chrono::milliseconds(50);
  std::function<bool()> step = [&done, until] {
    done = oes::steady_now() > until;
    return done.load();
  };
  auto steps = oes::run_in_steps(s.blocking.get_executor(), std::move(step), std::chrono::seconds(5));
  CHECK(oes::test::run_on_loop(s.loop, std::move(steps)) == wait_end::done);
  CHECK(done);
}

TEST_CASE("E1: steps whose wait is late are left alone, and what they own is destroyed on their thread") {
  blocking_story s;
  std::promise<void> gone;
  auto end = gone.get_future();
  auto owned = std::shared_ptr<int>(new int(1), [&gone](const int* value) {
    delete value;
    gone.set_value();
  });
  std::promise<void> go;
  std::function<bool()> step = [owned = std::move(owned), gone_on = go.get_future().share()] {
    gone_on.wait();
    return false;
  };
  CHECK(oes::test::run_on_loop(s.loop, leave_steps(s, std::move(step))) == wait_end::late);
  go.set_value();
  CHECK(end.wait_for(std::chrono::seconds(10)) == std::future_status::ready);
}

TEST_CASE("E1: a call on its own thread is left alone where the wait is late, also when the loop is gone") {
  std::promise<void> go;
  std::promise<void> ended;
  {
    asio::io_context loop(1);
    auto calling = oes::run_on_own_thread(
        [&] {
          go.get_future().wait();
          ended.set_value();
        },
        oes::steady_now());
    CHECK(oes::test::run_on_loop(loop, std::move(calling)) == wait_end::late);
  }
  go.set_value();
  CHECK(ended.get_future().wait_for(std::chrono::seconds(10)) == std::future_status::ready);
}
