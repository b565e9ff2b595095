#pragma once
// Runs a blocking job on the thread made for it and brings its value back to the awaiting coroutine's executor.
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <functional>
#include <utility>

namespace oes {

template <class Value>
struct blocking_job {
  boost::asio::any_io_executor blocking;

  template <class Handler>
  void operator()(Handler handler, std::function<Value()> job) const {
    auto home = boost::asio::get_associated_executor(handler);
    auto guard = boost::asio::make_work_guard(home);  // the loop must not end while the job runs
    auto run = [handler = std::move(handler), job = std::move(job), guard = std::move(guard)]() mutable {
      Value value{};
      std::exception_ptr thrown;
      try {
        value = job();
      } catch (...) {
        thrown = std::current_exception();
      }
      auto back = [handler = std::move(handler), value = std::move(value), thrown]() mutable {
        std::move(handler)(thrown, std::move(value));
      };
      boost::asio::post(guard.get_executor(), std::move(back));
    };
    boost::asio::post(blocking, std::move(run));
  }
};

/// Not cancellable: a cancellation that arrives meanwhile is noted by the caller and seen at its next wait. Whatever
/// the job refers to must live until it is done, even if the caller is destroyed first.
template <class Value>
boost::asio::awaitable<Value> run_blocking(const boost::asio::any_io_executor& blocking, std::function<Value()> job) {
  return boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void(std::exception_ptr, Value)>(
      blocking_job<Value>{blocking}, boost::asio::use_awaitable, std::move(job));
}

}  // namespace oes
