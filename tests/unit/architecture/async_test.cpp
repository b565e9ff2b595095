// Coroutines are started, raced and timed in async/ alone, and only there is a clock looked at: a test may then put
// another time in its place, and no exception is dropped on the way (E1).
#include <doctest/doctest.h>

#include "unit/architecture/source_lines.hpp"

using namespace oes::test;

namespace {

// The simulator is a program of its own; precompiled.hpp names what async/ uses.
bool is_apart_from_async(const std::filesystem::path& file) {
  const auto room = file.begin()->string();
  const auto extension = file.extension();
  return (extension == ".cpp" || extension == ".hpp") && room != "async" && room != "simulator" &&
         file != "precompiled.hpp";
}

std::string uses_of(std::vector<std::string> words) {
  return joined(source_lines(is_apart_from_async, [words = std::move(words)](const std::string& line) {
    return std::any_of(words.begin(), words.end(),
                       [&](const std::string& word) { return line.find(word) != std::string::npos; });
  }));
}

}  // namespace

TEST_CASE("E1: coroutines are started and raced by async/ alone") {
  const auto found = uses_of({"awaitable_operators", "co_spawn", "parallel_group", "asio::detached"});
  CHECK_MESSAGE(found.empty(), found);
}

TEST_CASE("E1: time is told, and waited for, by async/ alone") {
  const auto found = uses_of({"steady_timer", "system_timer", "high_resolution_timer", "deadline_timer",
                              "expires_after(", "expires_at(", "clock::now", "sleep_for", "sleep_until",
                              "clock_gettime", "gettimeofday", "nanosleep", "usleep", "std::time(", "time(nullptr)"});
  CHECK_MESSAGE(found.empty(), found);
}

TEST_CASE("E1: threads are started, and blocking calls awaited, by async/ alone") {
  const auto found = uses_of({"std::thread(", "std::thread ", "std::async", "std::jthread", "pthread_create"});
  CHECK_MESSAGE(found.empty(), found);
}
