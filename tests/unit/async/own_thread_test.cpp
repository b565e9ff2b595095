// The end of main beside threads that nobody waits for.
#include "async/own_thread.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <iostream>

#include "async/clock.hpp"
#include "support/end_of_process.hpp"

namespace {

// As main does it: `exit` runs what is registered with it, as it takes statics away.
oes::test::process_end leave_after(const std::function<void()>& work) {
  std::cout.flush();  // else the child's exit writes it again
  return oes::test::end_of_process([&] {
    std::atexit([] { std::cerr << "exit took the statics away"; });
    work();
    std::exit(oes::leave_main(3));
  });
}

}  // namespace

TEST_CASE("a thread that nobody waits for still runs: the process ends without taking the statics away") {
  const auto end = leave_after([] {
    oes::start_own_thread("the end of a Kafka consumer", [] {
      for (;;) oes::hold_thread(std::chrono::seconds(1));
    });
  });
  CHECK(end.code == 3);
  CHECK(end.said.empty());
}

TEST_CASE("threads of an object that was left behind count for as long as the process lives") {
  const auto end = leave_after([] { oes::leave_threads_behind(); });
  CHECK(end.code == 3);
  CHECK(end.said.empty());
}

TEST_CASE("no such thread runs: main returns as ever") {
  const auto end = leave_after([] {});
  CHECK(end.code == 3);
  CHECK(end.said == "exit took the statics away");
}
