#pragma once
// Calls that block: made on a thread of their own kind, awaited on the loop.
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "async/clock.hpp"

namespace oes {

/// Runs `job` on `blocking` and completes after it, on the caller's executor; its exception comes with it. Not
/// cancellable: a cancellation that arrives meanwhile is seen at the caller's next wait, so that nothing that the job
/// refers to goes before it is done.
boost::asio::awaitable<void> run_job(boost::asio::any_io_executor blocking, std::function<void()> job);

namespace blocking_call {

template <class Value>
std::function<void()> keep(std::function<Value()> job, std::shared_ptr<std::optional<Value>> into) {
  return [job = std::move(job), into = std::move(into)] { into->emplace(job()); };
}

}  // namespace blocking_call

/// The same for a job with a value.
template <class Value>
boost::asio::awaitable<Value> run_blocking(boost::asio::any_io_executor blocking, std::function<Value()> job) {
  auto value = std::make_shared<std::optional<Value>>();  // shared with the job: the frame may be torn down before it
  auto work = blocking_call::keep<Value>(std::move(job), value);
  auto running = run_job(std::move(blocking), std::move(work));
  co_await std::move(running);
  co_return std::move(**value);
}

enum class wait_end { done, cancelled, late };

/// Calls `step` again and again on `blocking`, other work in between, until it returns true. late: for as long as
/// `patience` no step has come to its end. A wait that is cancelled or late leaves at once; the step that is under way
/// is the last one. `step` owns what it uses, and is destroyed on `blocking`.
boost::asio::awaitable<wait_end> run_in_steps(boost::asio::any_io_executor blocking, std::function<bool()> step,
                                              std::chrono::milliseconds patience);

/// Runs `work` on a thread of its own, which is left alone where the wait ends first: `work` owns what it uses. For
/// calls that cannot be interrupted and may never return. Throws std::system_error where no thread can be had.
boost::asio::awaitable<wait_end> run_on_own_thread(std::function<void()> work, steady_time deadline);

}  // namespace oes
