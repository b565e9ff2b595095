#include "async/task_group.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>
#include <utility>

#include "async/last_words.hpp"

namespace oes {

namespace asio = boost::asio;

task_group::task_group(const asio::any_io_executor& loop, failure_handler on_failure)
    : loop_(loop), on_failure_(std::move(on_failure)), idle_(loop) {}

task_group::~task_group() {
  if (running_ > 0) end_process("a task group was left while its children ran", nullptr);
}

void task_group::start(std::string name, asio::awaitable<void> work) {
  ++running_;
  idle_.clear();
  asio::co_spawn(loop_, std::move(work), [this, name = std::move(name)](const std::exception_ptr& thrown) {
    --running_;
    if (thrown) on_failure_(name, thrown);
    if (running_ == 0) idle_.set();
  });
}

asio::awaitable<void> task_group::join() {
  const bool throws = co_await asio::this_coro::throw_if_cancelled();
  co_await asio::this_coro::throw_if_cancelled(false);
  while (running_ > 0) {
    const bool idle = co_await idle_.wait();
    static_cast<void>(idle);  // not so where the caller was cancelled: the children go on all the same
  }
  co_await asio::this_coro::throw_if_cancelled(throws);
}

}  // namespace oes
