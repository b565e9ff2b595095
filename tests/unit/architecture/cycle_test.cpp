// The poll cycle is read in one sitting: docs/architecture.md §2. The figure there is of one cycle at the live edge
// that publishes, of series of a network, followed by its calls from poll_loop::run until that waits again. A return is
// a call into a file of the rooms of the walk, or of the pure ones, that the walk had entered and left, other than the
// one that calls (calls in a row into one file are one). Not followed: model/, async/, telemetry/, what is behind the
// ports, the decoder, and functions that only give what a value holds. They are, in their order:
//   planning    reader/reader (the longest window), schedule/window_planner twice, groups/look_back in between
//   reading     reader/reader; schedule/rationing, schedule/breaker, report/reporter_api, and schedule/breaker's news
//   comparing   groups/look_back (what is still owed)
//   publishing  records/record_text, records/value_hash, pipeline/ledger_entries (once it is committed)
//   concluding  groups/look_back, groups/search
//   pacing      pipeline/poll_schedule; schedule/rationing, schedule/credit_budget, schedule/arrival
//   telling     report/reporter
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
