// The log as systemd's journal takes it.
#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <string>

#include "telemetry/journal.hpp"

using namespace oes;

TEST_CASE("an entry has its level, its fields, and a message that says all without them") {
  CHECK(journal_entry("warn", "Kafka does not answer", {{"stream", "nem"}, {"again-in", 5}}) ==
        "MESSAGE=Kafka does not answer stream=nem again-in=5\nPRIORITY=4\nSYSLOG_IDENTIFIER=openelectricity-stream\n"
        "OES_STREAM=nem\nOES_AGAIN_IN=5");
}

TEST_CASE("a value with a line break is told by its length, and forges no field") {
  const auto entry = journal_entry("info", "said", {{"reason", "a\nPRIORITY=0"}});
  CHECK(entry.find("\nPRIORITY=6\n") != std::string::npos);
  const std::string framed("OES_REASON\n\x0c\0\0\0\0\0\0\0a\nPRIORITY=0", 31);
  CHECK(entry.ends_with(framed));
}

TEST_CASE("levels are syslog's") {
  CHECK(prefixed_line("critical", "x") == "<2>x");
  CHECK(prefixed_line("error", "x") == "<3>x");
  CHECK(prefixed_line("warn", "x") == "<4>x");
  CHECK(prefixed_line("info", "x") == "<6>x");
  CHECK(prefixed_line("debug", "x") == "<7>x");
}

TEST_CASE("journald's stdout socket is known by its name; a pipe, a file and another socket are none") {
  const auto folder = std::filesystem::temp_directory_path() / ("oes-journal-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder / "systemd/journal");
  const auto connected_to = [](const std::string& path) {
    sockaddr_un there{};
    there.sun_family = AF_UNIX;
    std::strncpy(there.sun_path, path.c_str(), sizeof there.sun_path - 1);
    const int server = ::socket(AF_UNIX, SOCK_STREAM, 0);
    REQUIRE(::bind(server, reinterpret_cast<const sockaddr*>(&there), sizeof there) == 0);
    REQUIRE(::listen(server, 1) == 0);
    const int client = ::socket(AF_UNIX, SOCK_STREAM, 0);
    REQUIRE(::connect(client, reinterpret_cast<const sockaddr*>(&there), sizeof there) == 0);
    const bool known = reaches_journal(client);
    ::close(client);
    ::close(server);
    return known;
  };
  CHECK(connected_to(folder / "systemd/journal/stdout"));
  CHECK_FALSE(connected_to(folder / "systemd/journal/other"));
  int ends[2] = {-1, -1};
  REQUIRE(::pipe(ends) == 0);
  CHECK_FALSE(reaches_journal(ends[1]));
  ::close(ends[0]);
  ::close(ends[1]);
  std::filesystem::remove_all(folder);
}
