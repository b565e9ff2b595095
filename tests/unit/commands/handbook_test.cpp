// What README.md and docs/ state about the program, held against the program.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "model/error.hpp"
#include "records/schema.hpp"
#include "telemetry/status_board.hpp"
#include "unit/commands/help_text.hpp"

using namespace oes;

namespace {

namespace fs = std::filesystem;

const fs::path root = fs::path(OES_FIXTURES) / ".." / "..";

std::string document(const std::string& name) {
  std::ifstream file(root / name);
  REQUIRE_MESSAGE(file.is_open(), name);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<std::string> handbook() {
  std::vector<std::string> names{"README.md"};
  for (const auto& entry : fs::directory_iterator(root / "docs")) {
    if (entry.path().extension() == ".md") names.push_back("docs/" + entry.path().filename().string());
  }
  return names;
}

std::string between(const std::string& text, const std::string& begin, const std::string& end) {
  const auto from = text.find(begin);
  const auto to = text.find(end);
  REQUIRE(from != std::string::npos);
  REQUIRE(to != std::string::npos);
  const auto first = from + begin.size();
  REQUIRE(first <= to);
  return text.substr(first, to - first);
}

/// First word behind each `openelectricity-stream `, with the word behind it where there is one: (run, --once).
std::set<std::pair<std::string, std::string>> commands_named_in(const std::string& text) {
  static const std::regex named(R"(openelectricity-stream ([a-z][a-z-]*)(?: ([a-z][a-z-]*))?)");
  std::set<std::pair<std::string, std::string>> found;
  for (std::sregex_iterator at(text.begin(), text.end(), named), none; at != none; ++at) {
    found.emplace((*at)[1].str(), (*at)[2].str());
  }
  return found;
}

/// Help lists a command as two blanks, its name, blanks.
bool lists(const std::string& help, const std::string& command) {
  return std::regex_search(help, std::regex("\n +" + command + " "));
}

}  // namespace

TEST_CASE("the table of fields is the one that the program prints") {
  const auto table = between(document("docs/records.md"), "<!-- schema:begin -->\n", "<!-- schema:end -->");
  CHECK(table == print_schema(schema_format::markdown, false));
}

TEST_CASE("and so is the table of the list of facilities") {
  const auto table = between(document("docs/records.md"), "<!-- facilities:begin -->\n", "<!-- facilities:end -->");
  CHECK(table == printed({"schema", "--facilities", "--format", "markdown"}));
}

TEST_CASE("every command that the documents name is one that the program knows") {
  const auto help = printed({"--help"});
  const auto progress_help = printed({"progress", "--help"});
  std::size_t named_in_all = 0;
  for (const auto& name : handbook()) {
    const auto named = commands_named_in(document(name));
    named_in_all += named.size();
    for (const auto& one : named) {
      const auto& command = one.first;
      const auto& second = one.second;
      CAPTURE(name);
      CAPTURE(command);
      CHECK(lists(help, command));
      if (command != "progress" || second.empty()) continue;
      CAPTURE(second);
      CHECK(lists(progress_help, second));
    }
  }
  CHECK(named_in_all > 10);
}

TEST_CASE("a command that does not exist would be noticed") {
  const auto named =
      commands_named_in("run `openelectricity-stream conquer` or `openelectricity-stream progress burn`");
  CHECK(named.contains({"conquer", ""}));
  CHECK(named.contains({"progress", "burn"}));
  CHECK_FALSE(lists(printed({"--help"}), "conquer"));
  CHECK_FALSE(lists(printed({"progress", "--help"}), "burn"));
}

TEST_CASE("docs/cli.md names every command and every option") {
  const auto text = document("docs/cli.md");
  const auto commands = all_commands();
  CHECK(commands.size() > 15);
  for (auto command : commands) {
    std::string whole;
    for (const auto& word : command) whole += (whole.empty() ? "" : " ") + word;
    CAPTURE(whole);
    CHECK(text.find("`" + whole) != std::string::npos);
    command.emplace_back("--help");
    const auto options = options_in(printed(command));
    CHECK_FALSE(options.empty());
    for (const auto& option : options) {
      CAPTURE(option);
      CHECK(text.find(option) != std::string::npos);
    }
  }
}

TEST_CASE("docs/monitoring.md has every state of a stream, every level of health and every outcome of a request") {
  const auto text = document("docs/monitoring.md");
  for (int state = 0; name(static_cast<stream_state>(state)) != "unknown"; ++state) {
    const auto row = "| `" + std::string(name(static_cast<stream_state>(state))) + "` |";
    CHECK_MESSAGE(text.find(row) != std::string::npos, row);
  }
  for (int level = 0; name(static_cast<health_level>(level)) != "unknown"; ++level) {
    const auto row = "| `" + std::string(name(static_cast<health_level>(level))) + "` |";
    CHECK_MESSAGE(text.find(row) != std::string::npos, row);
  }
  for (int code = 0; code <= static_cast<int>(errc::too_large); ++code) {
    const auto outcome = "`" + std::string(name(static_cast<errc>(code))) + "`";
    CHECK_MESSAGE(text.find(outcome) != std::string::npos, outcome);
  }
}

TEST_CASE("the README stays a page that is read to its end") {
  const auto text = document("README.md");
  CHECK(std::count(text.begin(), text.end(), '\n') <= 150);
}

TEST_CASE("users of the replaced source find from the README what its own README had") {
  const auto text = document("README.md");
  for (const auto* section :
       {"Troubleshooting", "Best practices", "Performance considerations", "Monitoring", "Support"}) {
    CAPTURE(section);
    const bool is_heading = text.find(std::string("\n## ") + section + "\n") != std::string::npos;
    const bool is_link = text.find(std::string("[") + section + "](") != std::string::npos;
    CHECK((is_heading || is_link));
  }
}
