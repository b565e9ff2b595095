#pragma once
// What `--help` prints, and which commands and options it names: what papers about the program are held against.
#include <doctest/doctest.h>

#include <iostream>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "commands/command_line.hpp"

namespace oes {

/// What the program prints for these arguments.
inline std::string printed(std::vector<std::string> arguments) {
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

inline std::set<std::string> first_words(const std::string& help, const std::regex& line) {
  std::set<std::string> found;
  for (std::sregex_iterator at(help.begin(), help.end(), line), none; at != none; ++at) found.insert((*at)[1].str());
  return found;
}

inline std::set<std::string> subcommands_in(const std::string& help) {
  static const std::regex line(R"(\n  ([a-z][a-z-]+) )");
  const auto list = help.find("Subcommands:");
  return list == std::string::npos ? std::set<std::string>() : first_words(help.substr(list), line);
}

inline std::set<std::string> options_in(const std::string& help) {
  static const std::regex line(R"(\n  (?:-[a-z],)?(--[a-z-]+))");
  return first_words(help, line);
}

/// Every command with its own, `{"progress", "seek"}` among them.
inline std::vector<std::vector<std::string>> all_commands() {
  std::vector<std::vector<std::string>> found{{}};
  for (const auto& command : subcommands_in(printed({"--help"}))) {
    found.push_back({command});
    for (const auto& second : subcommands_in(printed({command, "--help"}))) found.push_back({command, second});
  }
  return found;
}

}  // namespace oes
