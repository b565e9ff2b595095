// What the README states about the program, held against the program.
#include <doctest/doctest.h>

#include <fstream>
#include <iostream>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "commands/command_line.hpp"
#include "records/schema.hpp"

using namespace oes;

namespace {

std::string readme() {
  std::ifstream file(OES_FIXTURES "/../../README.md");
  REQUIRE(file.is_open());
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
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

/// What the program prints for these arguments.
std::string printed(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "openelectricity-stream");
  std::vector<char*> argv;
  argv.reserve(arguments.size());
  for (auto& argument : arguments) argv.push_back(argument.data());
  std::ostringstream caught;
  auto* const before = std::cout.rdbuf(caught.rdbuf());
  const int code = run_command_line(static_cast<int>(argv.size()), argv.data());
  std::cout.rdbuf(before);
  CHECK(code == 0);
  return caught.str();
}

/// Help lists a command as two blanks, its name, blanks.
bool lists(const std::string& help, const std::string& command) {
  return std::regex_search(help, std::regex("\n +" + command + " "));
}

}  // namespace

TEST_CASE("the README's table of fields is the one that the program prints") {
  const auto table = between(readme(), "<!-- schema:begin -->\n", "<!-- schema:end -->");
  CHECK(table == print_schema(schema_format::markdown, false));
}

TEST_CASE("and so is the table of the list of facilities") {
  const auto table = between(readme(), "<!-- facilities:begin -->\n", "<!-- facilities:end -->");
  CHECK(table == printed({"schema", "--facilities", "--format", "markdown"}));
}

TEST_CASE("every command that the README names is one that the program knows") {
  const auto help = printed({"--help"});
  const auto progress_help = printed({"progress", "--help"});
  const auto named = commands_named_in(readme());
  CHECK(named.size() > 7);
  for (const auto& one : named) {
    const auto& command = one.first;
    const auto& second = one.second;
    CAPTURE(command);
    CHECK(lists(help, command));
    if (command != "progress") continue;
    CAPTURE(second);
    CHECK(lists(progress_help, second));
  }
}

TEST_CASE("a command that does not exist would be noticed") {
  const auto named =
      commands_named_in("run `openelectricity-stream conquer` or `openelectricity-stream progress burn`");
  CHECK(named.contains({"conquer", ""}));
  CHECK(named.contains({"progress", "burn"}));
  CHECK_FALSE(lists(printed({"--help"}), "conquer"));
  CHECK_FALSE(lists(printed({"progress", "--help"}), "burn"));
}

TEST_CASE("the README keeps the sections that users of the replaced source look for") {
  const auto text = readme();
  for (const auto* section :
       {"Troubleshooting", "Best practices", "Performance considerations", "Monitoring", "Support"}) {
    CAPTURE(section);
    CHECK(text.find(std::string("\n## ") + section + "\n") != std::string::npos);
  }
}
