// All of the daemon is handed on by those who put it together; everybody else gets what he uses.
#include <doctest/doctest.h>

#include <regex>
#include <set>
#include <string>

#include "unit/architecture/source_lines.hpp"

namespace {

// Lines of all files but these (without extension) that take, or hold, a reference to it.
std::string taken_elsewhere(const std::string& what, const std::set<std::string>& composition) {
  const std::regex reference("\\b" + what + "&");
  return oes::test::joined(oes::test::source_lines(
      [&](const std::filesystem::path& file) {
        auto name = file;
        return !composition.contains(name.replace_extension().generic_string());
      },
      [&](const std::string& line) { return std::regex_search(line.substr(0, line.find("//")), reference); }));
}

}  // namespace

TEST_CASE("the daemon's parts are taken whole by those who put it together, and by nobody else") {
  const auto found =
      taken_elsewhere("parts", {"app/parts", "app/daemon", "app/endpoints", "app/config_reload", "app/terms",
                                "app/term_context", "app/term", "app/term_work", "commands/alone"});
  CHECK_MESSAGE(found.empty(), found);
}

TEST_CASE("what a term has is taken whole by its own steps, and by commands that lead for one job") {
  const auto found =
      taken_elsewhere("term_context", {"app/terms", "app/term_context", "app/term", "app/term_start", "app/term_reader",
                                       "app/term_work", "app/config_reload", "commands/alone", "commands/edit_alone",
                                       "commands/backfill_alone"});
  CHECK_MESSAGE(found.empty(), found);
}
