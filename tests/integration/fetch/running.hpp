#pragma once
// Runs one awaitable to its end, or until a test stops it.
#include <doctest/doctest.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <exception>
#include <optional>

#include "fetch/fetch_settings.hpp"

namespace oes::test {

class loop {
 public:
  boost::asio::io_context io;

  /// Fails the test when it takes longer than 8 s.
  template <class T>
  T run(boost::asio::awaitable<T> work) {
    std::optional<T> out;
    std::exception_ptr thrown;
    start(std::move(work), out, thrown);
    io.restart();
    io.run_for(std::chrono::seconds(8));
    if (thrown) std::rethrow_exception(thrown);
    REQUIRE(out.has_value());
    return std::move(*out);
  }

  template <class T>
  void start(boost::asio::awaitable<T> work, std::optional<T>& out, std::exception_ptr& thrown) {
    boost::asio::co_spawn(
        io, std::move(work),
        boost::asio::bind_cancellation_slot(signal_.slot(), [&](const std::exception_ptr& e, T value) {
          thrown = e;
          if (!e) out = std::move(value);
          finished_ = std::chrono::steady_clock::now();
        }));
  }

  /// From any thread: what runs is cancelled.
  void stop() {
    boost::asio::post(io, [this] {
      stopped_ = std::chrono::steady_clock::now();
      signal_.emit(boost::asio::cancellation_type::terminal);
    });
  }
  /// "At once", on a busy machine.
  [[nodiscard]] bool ended_at_once() const {
    return stopped_ && finished_ - *stopped_ < std::chrono::milliseconds(500);
  }

 private:
  boost::asio::cancellation_signal signal_;
  std::optional<std::chrono::steady_clock::time_point> stopped_;
  std::chrono::steady_clock::time_point finished_;
};

/// Long enough never to be reached on a busy machine.
inline fetch_settings patient_settings() {
  fetch_settings out;
  out.connect_timeout = out.first_byte_timeout = out.total_timeout = std::chrono::seconds(30);
  return out;
}

}  // namespace oes::test
