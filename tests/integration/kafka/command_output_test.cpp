// A command of the operator's: what it prints, or why there is nothing.
#include "kafka/command_output.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace oes;
using namespace std::chrono_literals;

namespace {

const stderr_listener nobody;

std::vector<std::string> said_by(const std::string& command) {
  std::vector<std::string> out;
  const auto printed = output_of_command(command, 60s, [&](const std::string& line) { out.push_back(line); });
  return out;
}

}  // namespace

TEST_CASE("what a command prints") {
  const auto printed = output_of_command("printf one; printf ' two\\n'", 60s, nobody);
  REQUIRE(printed.has_value());
  CHECK(*printed == "one two\n");
}

TEST_CASE("what a command has printed is there when it has ended, though something that it started lives on") {
  const auto printed = output_of_command("sleep 20 2>&- & echo one", 15s, nobody);
  REQUIRE(printed.has_value());
  CHECK(*printed == "one\n");
}

TEST_CASE("a command that closes its output and goes on is given up in time") {
  const auto began = std::chrono::steady_clock::now();
  const auto printed = output_of_command("echo one; exec >&- 2>&-; sleep 600", 200ms, nobody);
  REQUIRE(printed.has_error());
  CHECK(printed.error().code == errc::timed_out);
  CHECK(std::chrono::steady_clock::now() - began < 60s);
}

TEST_CASE("a command that fails, hangs or never stops is an error, and what it said is not told") {
  const auto failed = output_of_command("echo secret; exit 3", 60s, nobody);
  REQUIRE(failed.has_error());
  CHECK(failed.error().context == "it ends with code 3");
  const auto missing = output_of_command("/no/such/program 2>/dev/null", 60s, nobody);
  REQUIRE(missing.has_error());
  CHECK(missing.error().context == "it ends with code 127");
  const auto hangs = output_of_command("sleep 600 & sleep 600", 200ms, nobody);
  REQUIRE(hangs.has_error());
  CHECK(hangs.error().code == errc::timed_out);
  const auto endless = output_of_command("yes secret", 60s, nobody);
  REQUIRE(endless.has_error());
  CHECK(endless.error().context == "it prints more than 64 KiB");
}

TEST_CASE("what a command says on stderr is told line by line, as text, and not without end") {
  using lines = std::vector<std::string>;
  CHECK(said_by("printf 'one\\n\\033[31mred' >&2; exit 3") == lines{"one", "\\u001b[31mred"});
  CHECK(said_by("echo out").empty());
  CHECK(said_by("yes | head -n 1000 >&2").size() == 20);
  const auto cut = said_by("head -c 5000 /dev/zero | tr '\\0' x >&2");
  REQUIRE(cut.size() == 1);
  CHECK(cut[0].size() <= 1024);
  CHECK(said_by("echo one >&2; sleep 20 & echo two").size() == 1);
}
