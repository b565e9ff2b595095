// What a simulated world replaces, and nothing else, comes from outside: randomness and files are asked for in few
// places, and nothing that could change is kept beside the objects that somebody owns.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "unit/architecture/source_lines.hpp"

using namespace oes::test;

namespace {

namespace fs = std::filesystem;

using names = std::set<std::string>;  // rooms, or files of a room

bool among(const names& some, const std::string& file) {
  return some.contains(file) || some.contains(file.substr(0, file.find('/')));
}

// Lines that match, but for remarks.
std::vector<std::string> lines_with(const std::regex& what, const names& except) {
  std::vector<std::string> found;
  for (const auto& entry : fs::recursive_directory_iterator(source_root)) {
    const auto extension = entry.path().extension();
    const auto file = fs::relative(entry.path(), source_root).generic_string();
    if ((extension != ".cpp" && extension != ".hpp") || among(except, file)) continue;
    std::ifstream text(entry.path());
    int number = 0;
    for (std::string line; std::getline(text, line);) {
      ++number;
      const auto code = line.substr(0, line.find("//"));
      if (std::regex_search(code, what))
        found.push_back(std::string(file).append(":").append(std::to_string(number)).append(": ").append(line));
    }
  }
  return found;
}

// The simulator is a program of its own.
void check_none(const std::regex& what, names except) {
  except.insert("simulator");
  const auto found = lines_with(what, except);
  CHECK_MESSAGE(found.empty(), joined(found));
}

}  // namespace

TEST_CASE("nothing that can change is static, but what outlives every owner in async/") {
  // In functions and classes; a declaration with a parenthesis is a function.
  check_none(std::regex(R"(^\s*(inline )?(static|thread_local) (?!const |constexpr |thread_local const)[^(]*(=|;|\{))"),
             {"async"});
  // Beside them: what begins in the first column, is no declaration of something else, and is not const.
  check_none(
      std::regex(R"(^(?!using |struct |class |enum |namespace |extern |template |typedef |friend |return |const |)"
                 R"(constexpr |inline |static )[A-Za-z_](\w|::|[<>, *&])* \w+( = .*|\{.*\})?;\s*$)"),
      {"async"});
}

TEST_CASE("randomness is drawn where the daemon is put together") {
  check_none(std::regex("random_device|getrandom|/dev/u?random"), {"app/parts.cpp", "app/instance.cpp"});
}

TEST_CASE("files are opened by files/, by those who read what an operator names, and by nobody else") {
  // /proc, a command's output and a socket are none.
  check_none(
      std::regex(R"([io]fstream|std::fstream|\bfopen\(|directory_iterator|fs::(remove|rename|exists|is_)|)"
                 R"((^|[^\w>])::(open|openat|unlink|rename|mkdir|stat|lstat)\()"),
      {"files", "async", "config", "commands", "migrate", "telemetry/process_metrics.cpp", "kafka/command_output.cpp",
       "operate/control_socket.cpp", "operate/control_server.cpp", "operate/control_client.cpp"});
}
