// The poll cycle is read in one sitting: docs/architecture.md §2. The figures there are of one cycle at the live edge
// that publishes, followed by its calls from poll_loop::run to its end. A stop is each function of the rooms of the
// walk, and of the pure ones, that is come to (calls in a row into one file are one; model/, async/ and telemetry/ are
// not followed). A return is a call into a file that the walk had left, other than the one that calls.
#include <doctest/doctest.h>

#include "unit/architecture/source_lines.hpp"

using namespace oes::test;

TEST_CASE("the poll cycle is one file of less than 150 lines") {
  const auto is_cycle = [](const std::filesystem::path& file) { return file == "pipeline/poll_loop.cpp"; };
  const auto lines = source_lines(is_cycle, [](const std::string&) { return true; });
  CHECK(lines.size() > 50);
  CHECK(lines.size() < 150);
}

TEST_CASE("no step of the cycle includes the loop that calls it") {
  const auto is_step = [](const std::filesystem::path& file) {
    const auto room = file.begin()->string();
    return (room == "pipeline" || room == "groups" || room == "reader" || room == "commit") &&
           file != "pipeline/poll_loop.cpp";
  };
  const auto found = joined(source_lines(
      is_step, [](const std::string& line) { return line.rfind("#include \"pipeline/poll_loop.hpp\"", 0) == 0; }));
  CHECK_MESSAGE(found.empty(), found);
}
