// Coroutines are started, raced and timed in async/ alone, and only there is a clock looked at: a test may then put
// another time in its place, and no exception is dropped on the way (E1).
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace fs = std::filesystem;

const fs::path source_root = fs::path(OES_FIXTURES) / ".." / ".." / "src";

// The simulator is a program of its own; precompiled.hpp names what async/ uses.
bool looked_at(const fs::path& file) {
  const auto room = file.begin()->string();
  const auto extension = file.extension();
  return (extension == ".cpp" || extension == ".hpp") && room != "async" && room != "simulator" &&
         file != "precompiled.hpp";
}

std::vector<std::string> uses_of(const std::vector<std::string_view>& words) {
  std::vector<std::string> found;
  for (const auto& entry : fs::recursive_directory_iterator(source_root)) {
    const auto file = fs::relative(entry.path(), source_root);
    if (!looked_at(file)) continue;
    std::ifstream text(entry.path());
    int number = 0;
    for (std::string line; std::getline(text, line);) {
      ++number;
      for (const auto word : words) {
        if (line.find(word) != std::string::npos) {
          found.push_back(file.generic_string() + ":" + std::to_string(number) + ": " + line);
        }
      }
    }
  }
  return found;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string out;
  for (const auto& line : lines) out += line + "\n";
  return out;
}

}  // namespace

TEST_CASE("E1: coroutines are started and raced by async/ alone") {
  const auto found = uses_of({"awaitable_operators", "co_spawn", "parallel_group", "asio::detached"});
  CHECK_MESSAGE(found.empty(), joined(found));
}

TEST_CASE("E1: time is told, and waited for, by async/ alone") {
  const auto found = uses_of({"steady_timer", "system_timer", "high_resolution_timer", "deadline_timer", "clock::now",
                              "sleep_for", "sleep_until", "clock_gettime", "gettimeofday", "nanosleep", "std::time("});
  CHECK_MESSAGE(found.empty(), joined(found));
}

TEST_CASE("E1: threads are started, and blocking calls awaited, by async/ alone") {
  const auto found = uses_of({"std::thread(", "std::thread ", "std::async", "std::jthread"});
  CHECK_MESSAGE(found.empty(), joined(found));
}
