#include "telemetry/line_writer.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <sstream>
#include <string>
#include <thread>

using namespace oes;
using namespace std::chrono_literals;

namespace {

struct pipe_ends {
  int read_end = -1;
  int write_end = -1;
  pipe_ends() {
    int ends[2];
    REQUIRE(pipe(ends) == 0);
    read_end = ends[0];
    write_end = ends[1];
  }
  ~pipe_ends() {
    if (read_end >= 0) close(read_end);
    if (write_end >= 0) close(write_end);
  }
  void stop_reading() {
    close(read_end);
    read_end = -1;
  }
  /// What is there, once so many bytes are or nothing comes any more.
  std::string all() {
    close(write_end);
    write_end = -1;
    std::string text;
    char some[4096];
    for (auto got = read(read_end, some, sizeof some); got > 0; got = read(read_end, some, sizeof some))
      text.append(some, static_cast<std::size_t>(got));
    return text;
  }
};

std::string describe(std::size_t dropped) { return std::to_string(dropped) + " dropped"; }

// All that was told: lines may get through while others are still being dropped.
std::size_t told_in(const std::string& text) {
  std::istringstream lines(text);
  std::size_t told = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.ends_with(" dropped")) told += std::stoul(line);
  }
  return told;
}

constexpr std::size_t pipe_holds = 64 << 10;

// A writer's thread may outlive its test: its descriptor must not be the number of a later pipe.
constexpr auto writers_own = line_writer::descriptor_owner::writer;

}  // namespace

TEST_CASE("E9: lines come out in order, and the last ones before the writer is gone") {
  pipe_ends to;
  {
    line_writer lines(dup(to.write_end), {}, 5s, describe, writers_own);
    for (const auto* line : {"one", "two", "three"}) lines.put(line);
    CHECK(lines.dropped() == 0);
  }
  CHECK(to.all() == "one\ntwo\nthree\n");
}

TEST_CASE("E9: a pipe that nobody reads costs lines, never time; they are counted") {
  pipe_ends to;
  line_writer lines(dup(to.write_end), {64, 1 << 20}, 50ms, describe, writers_own);
  const auto began = std::chrono::steady_clock::now();
  for (int i = 0; i < 1000; ++i) lines.put(std::string(1023, 'x'));
  CHECK(std::chrono::steady_clock::now() - began < 1s);
  // What the pipe and the queue hold is not lost, all else is.
  CHECK(lines.dropped() >= 1000 - pipe_holds / 1024 - 64 - 1);
}

TEST_CASE("E9: how many were dropped is told when lines get through again") {
  pipe_ends to;
  std::size_t dropped = 0;
  std::string text(pipe_holds, '\0');
  {
    line_writer lines(dup(to.write_end), {8, 1 << 20}, 60s, describe, writers_own);
    for (int i = 0; i < 200; ++i) lines.put(std::string(1023, 'x'));
    dropped = lines.dropped();
    REQUIRE(dropped > 0);
    const auto freed = read(to.read_end, text.data(), text.size());
    REQUIRE(freed > 0);
    text.resize(static_cast<std::size_t>(freed));
    lines.flush(60s);
    lines.put("the last");
  }
  text += to.all();
  CHECK(told_in(text) == dropped);
  CHECK(text.ends_with("the last\n"));
}

TEST_CASE("E9: a reader that is gone ends nothing: every line is counted") {
  std::signal(SIGPIPE, SIG_IGN);
  pipe_ends to;
  to.stop_reading();
  line_writer lines(dup(to.write_end), {}, 50ms, describe, writers_own);
  for (int i = 0; i < 10; ++i) lines.put("nobody hears this");
  lines.flush(5s);
  CHECK(lines.dropped() == 10);
}

TEST_CASE("E9: a descriptor that is closed, or cannot be written, counts every line") {
  const int read_only = open("/dev/null", O_RDONLY);
  REQUIRE(read_only >= 0);
  {
    line_writer lines(read_only, {}, 50ms, describe);
    lines.put("for nobody");
    lines.flush(5s);
    CHECK(lines.dropped() == 1);
  }
  close(read_only);
  line_writer lines(read_only, {}, 50ms, describe);
  lines.put("for nobody");
  lines.flush(5s);
  CHECK(lines.dropped() == 1);
}

TEST_CASE("a writer that owns its descriptor closes it in the end, and leaves others open") {
  pipe_ends to;
  {
    line_writer lines(to.write_end, {}, 5s, describe);
    lines.put("one");
  }
  CHECK(fcntl(to.write_end, F_GETFD) != -1);
  const int own = dup(to.write_end);
  {
    line_writer lines(own, {}, 5s, describe, line_writer::descriptor_owner::writer);
    lines.put("two");
  }
  // Its thread has the last word.
  for (const auto until = std::chrono::steady_clock::now() + 20s;
       fcntl(own, F_GETFD) != -1 && std::chrono::steady_clock::now() < until;) {
    std::this_thread::yield();
  }
  CHECK(fcntl(own, F_GETFD) == -1);
  CHECK(to.all() == "one\ntwo\n");
}

TEST_CASE("E9: an ending waits for a stuck reader no longer than it says") {
  pipe_ends to;
  const auto began = std::chrono::steady_clock::now();
  {
    line_writer lines(dup(to.write_end), {}, 200ms, describe, writers_own);
    for (int i = 0; i < 200; ++i) lines.put(std::string(1023, 'x'));
  }
  const auto took = std::chrono::steady_clock::now() - began;
  CHECK(took >= 200ms);
  CHECK(took < 2s);
}
