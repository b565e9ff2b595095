// E1: one critical line, exit code 70, and no memory needed.
#include "async/last_words.hpp"

#include <doctest/doctest.h>

#include <new>
#include <stdexcept>

#include "async/clock.hpp"
#include "async/own_thread.hpp"
#include "async/run_loop.hpp"
#include "support/end_of_process.hpp"

namespace {

namespace asio = boost::asio;

asio::awaitable<void> fail() {
  throw std::runtime_error("poison");
  co_return;
}

}  // namespace

TEST_CASE("E1: an exception that leaves a command's coroutine ends the process with 70 and a line that names it") {
  const auto end = oes::test::end_of_process([] {
    asio::io_context loop(1);
    oes::run_to_end(loop, "reading progress", fail());
  });
  CHECK(end.code == 70);
  CHECK(end.said.find("critical") == 0);
  CHECK(end.said.find("reading progress: poison\n") != std::string::npos);
}

TEST_CASE("E1: bad_alloc ends the process alike") {
  const auto end = oes::test::end_of_process(
      [] { oes::end_process("nem", std::make_exception_ptr(std::bad_alloc())); });
  CHECK(end.code == 70);
  CHECK(end.said.find("nem: std::bad_alloc") != std::string::npos);
}

TEST_CASE("E1: a cause of any length makes one line") {
  const auto end = oes::test::end_of_process(
      [] { oes::end_process("nem", std::make_exception_ptr(std::runtime_error(std::string(100'000, 'x')))); });
  CHECK(end.code == 70);
  CHECK(end.said.size() <= 1024);
  CHECK(end.said.back() == '\n');
}

TEST_CASE("E1: an exception that leaves a thread nobody waits for ends the process alike") {
  const auto end = oes::test::end_of_process([] {
    oes::start_own_thread("the log's writer", [] { throw std::runtime_error("poison"); });
    for (;;) oes::hold_thread(std::chrono::milliseconds(10));
  });
  CHECK(end.code == 70);
  CHECK(end.said.find("the log's writer: poison\n") != std::string::npos);
}
