#include "async/blocking.hpp"

#include <atomic>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstdint>
#include <exception>
#include <mutex>

#include "async/event.hpp"
#include "async/last_words.hpp"
#include "async/own_thread.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;

struct posted_job {
  asio::any_io_executor blocking;

  template <class Handler>
  void operator()(Handler handler, std::function<void()> job) const {
    auto home = asio::get_associated_executor(handler);
    auto guard = asio::make_work_guard(home);  // the loop must not end while the job runs
    auto run = [handler = std::move(handler), job = std::move(job), guard = std::move(guard)]() mutable {
      std::exception_ptr thrown;
      try {
        job();
      } catch (...) {
        thrown = std::current_exception();
      }
      job = nullptr;  // what it owns goes here, not on the caller's thread
      auto back = [handler = std::move(handler), thrown]() mutable { std::move(handler)(thrown); };
      asio::post(guard.get_executor(), std::move(back));
    };
    asio::post(blocking, std::move(run));
  }
};

// Shared by a wait and the thread that works for it: either may be the last to let go.
struct distant_work {
  explicit distant_work(const asio::any_io_executor& here) : home(here), done(here) {}
  std::mutex mutex;
  bool abandoned = false;  ///< under the mutex, also while the worker posts: after that the loop may be gone
  asio::any_io_executor home;
  std::atomic<std::uint64_t> steps = 0;  ///< that came to their end
  // On the caller's executor only:
  event done;
  std::exception_ptr thrown;
};

void tell(const std::shared_ptr<distant_work>& work, std::exception_ptr thrown) {
  const std::lock_guard lock(work->mutex);
  if (work->abandoned) {
    if (thrown) end_process("a call that blocks, and nobody waits for any more", thrown);
    return;
  }
  asio::post(work->home, [work, thrown = std::move(thrown)] {
    work->thrown = thrown;
    work->done.set();
  });
}

bool is_abandoned(distant_work& work) {
  const std::lock_guard lock(work.mutex);
  return work.abandoned;
}

void run_step(const asio::any_io_executor& blocking, const std::shared_ptr<distant_work>& work,
              std::function<bool()> step) {
  if (is_abandoned(*work)) return;
  std::exception_ptr thrown;
  bool finished = true;
  try {
    finished = step();
  } catch (...) {
    thrown = std::current_exception();
  }
  ++work->steps;
  if (finished) {
    step = nullptr;
    tell(work, std::move(thrown));
    return;
  }
  asio::post(blocking,
             [blocking, work, step = std::move(step)]() mutable { run_step(blocking, work, std::move(step)); });
}

// Lets the worker go on every way out of the wait, also when the frame is destroyed.
class wait_guard {
 public:
  explicit wait_guard(std::shared_ptr<distant_work> work) : work_(std::move(work)) {}
  ~wait_guard() {
    const std::lock_guard lock(work_->mutex);
    work_->abandoned = true;
  }
  wait_guard(const wait_guard&) = delete;
  wait_guard& operator=(const wait_guard&) = delete;

 private:
  std::shared_ptr<distant_work> work_;
};

asio::awaitable<wait_end> end_of(std::shared_ptr<distant_work> work, steady_time deadline) {
  const bool done = co_await work->done.wait_until(deadline);
  if (done && work->thrown) std::rethrow_exception(work->thrown);
  if (done) co_return wait_end::done;
  co_return steady_now() >= deadline ? wait_end::late : wait_end::cancelled;
}

asio::awaitable<wait_end> end_of_steps(std::shared_ptr<distant_work> work, std::chrono::milliseconds patience) {
  while (true) {
    const auto before = work->steps.load();
    auto waiting = end_of(work, steady_after(patience));
    const wait_end end = co_await std::move(waiting);
    if (end != wait_end::late || work->steps.load() == before) co_return end;
  }
}

}  // namespace

asio::awaitable<void> run_job(asio::any_io_executor blocking, std::function<void()> job) {
  return asio::async_initiate<const asio::use_awaitable_t<>, void(std::exception_ptr)>(
      posted_job{std::move(blocking)}, asio::use_awaitable, std::move(job));
}

asio::awaitable<wait_end> run_in_steps(asio::any_io_executor blocking, std::function<bool()> step,
                                       std::chrono::milliseconds patience) {
  const auto here = co_await asio::this_coro::executor;
  auto work = std::make_shared<distant_work>(here);
  const wait_guard guard(work);
  asio::post(blocking,
             [blocking, work, step = std::move(step)]() mutable { run_step(blocking, work, std::move(step)); });
  auto waiting = end_of_steps(std::move(work), patience);
  const wait_end end = co_await std::move(waiting);
  co_return end;
}

asio::awaitable<wait_end> run_on_own_thread(std::function<void()> job, steady_time deadline) {
  const auto here = co_await asio::this_coro::executor;
  auto work = std::make_shared<distant_work>(here);
  const wait_guard guard(work);
  start_own_thread("a call that blocks", [work, job = std::move(job)]() mutable {
    std::exception_ptr thrown;
    try {
      job();
    } catch (...) {
      thrown = std::current_exception();
    }
    job = nullptr;
    tell(work, std::move(thrown));
  });
  auto waiting = end_of(std::move(work), deadline);
  const wait_end end = co_await std::move(waiting);
  co_return end;
}

}  // namespace oes
