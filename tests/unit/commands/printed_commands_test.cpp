// The manual page and the shells' completions name what `--help` names.
#include <doctest/doctest.h>

#include "unit/commands/help_text.hpp"

using namespace oes;

namespace {

const std::vector<std::vector<std::string>> papers{
    {"man"}, {"completion", "bash"}, {"completion", "zsh"}, {"completion", "fish"}};

/// `text` without roff's fonts and with its escaped hyphens as plain ones.
std::string plain(const std::string& text) { return std::regex_replace(text, std::regex(R"(\\f[BIR]|\\(?=-))"), ""); }

bool names(const std::string& text, const std::string& word) {
  return std::regex_search(text, std::regex("(^|[^A-Za-z-])" + word + "($|[^A-Za-z-])"));
}

/// Fish writes a long option without its hyphens: -l config.
bool names_option(const std::string& text, const std::string& option) {
  return names(text, option) || names(text, "-l " + option.substr(2));
}

}  // namespace

TEST_CASE("manual page and completions name every command and every option") {
  for (const auto& paper : papers) {
    const auto text = plain(printed(paper));
    CAPTURE(paper.back());
    for (auto command : all_commands()) {
      if (!command.empty()) {
        CAPTURE(command.back());
        CHECK(names(text, command.back()));
      }
      command.emplace_back("--help");
      for (const auto& option : options_in(printed(command))) {
        CAPTURE(option);
        CHECK(names_option(text, option));
      }
    }
    CHECK_FALSE(names(text, "conquer"));
    CHECK_FALSE(names_option(text, "--burn"));
  }
}

TEST_CASE("the manual page has a section for a command's options, its exit codes and the environment") {
  const auto page = plain(printed({"man"}));
  for (const auto* part : {".SS progress seek\n", ".SH EXIT CODES\n", ".SH ENVIRONMENT\n", ".SH FILES\n"}) {
    CAPTURE(part);
    CHECK(page.find(part) != std::string::npos);
  }
  CHECK(page.find("file|kafka") != std::string::npos);
}

TEST_CASE("what an option may be is offered") {
  CHECK(
      printed({"completion", "bash"}).find("/schema:--format) offered='avro json-schema markdown pyspark spark-ddl'") !=
      std::string::npos);
  CHECK(printed({"completion", "fish"}).find("-l trust -x -a 'file kafka'") != std::string::npos);
}
