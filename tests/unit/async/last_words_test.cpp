// E1: one critical line, exit code 70, and no memory needed.
#include "async/last_words.hpp"

#include <doctest/doctest.h>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <new>
#include <stdexcept>
#include <vector>

#include "async/clock.hpp"
#include "async/own_thread.hpp"
#include "async/run_loop.hpp"
#include "support/end_of_process.hpp"

namespace {

namespace asio = boost::asio;

asio::awaitable<void> fail() {
  throw std::runtime_error("poison");
  co_return;
}

}  // namespace

TEST_CASE("E1: an exception that leaves a command's coroutine ends the process with 70 and a line that names it") {
  const auto end = oes::test::end_of_process([] {
    asio::io_context loop(1);
    oes::run_to_end(loop, "reading progress", fail());
  });
  CHECK(end.code == 70);
  CHECK(end.said.find("Z critical something unexpected happened: the process ends") == 23);
  CHECK(end.said.find(R"(part="reading progress" reason="poison" exit_code=70)") != std::string::npos);
}

TEST_CASE("E1: bad_alloc ends the process alike") {
  const auto end =
      oes::test::end_of_process([] { oes::end_process("nem", std::make_exception_ptr(std::bad_alloc())); });
  CHECK(end.code == 70);
  CHECK(end.said.find(R"(part="nem" reason="std::bad_alloc")") != std::string::npos);
}

TEST_CASE("E1: a cause of any length makes one line") {
  const auto end = oes::test::end_of_process(
      [] { oes::end_process("nem", std::make_exception_ptr(std::runtime_error(std::string(100'000, 'x')))); });
  CHECK(end.code == 70);
  CHECK(end.said.size() <= 1024);
  CHECK(end.said.back() == '\n');
}

TEST_CASE("E1: an exception that leaves a thread nobody waits for ends the process alike") {
  const auto end = oes::test::end_of_process([] {
    oes::start_own_thread("the log's writer", [] { throw std::runtime_error("poison"); });
    for (;;) oes::hold_thread(std::chrono::milliseconds(10));
  });
  CHECK(end.code == 70);
  CHECK(end.said.find("the log's writer") != std::string::npos);
  CHECK(end.said.find("reason=\"poison\"") != std::string::npos);
}

namespace {

const std::vector<oes::last_note> two_notes{{"fuel,regions", "data", "a to b", "fuel,regions\tdata\tlive\ta to b"},
                                            {"wem", "market", "", "wem\tmarket\tlive\t"}};

std::exception_ptr odd_cause() { return std::make_exception_ptr(std::runtime_error("a \"tab\"\t\n \xff")); }

std::string text_in(const std::filesystem::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

struct temp_file {
  temp_file() : path(std::filesystem::temp_directory_path() / ("oes-ends-" + std::to_string(::getpid()))) {
    std::filesystem::remove(path);
  }
  ~temp_file() { std::filesystem::remove(path); }
  temp_file(const temp_file&) = delete;
  temp_file& operator=(const temp_file&) = delete;
  std::filesystem::path path;
};

}  // namespace

TEST_CASE("E1: what was at work is in the line, and an entry for each of it in the file") {
  const temp_file file;
  std::ofstream(file.path) << "";
  const auto end = oes::test::end_of_process([&] {
    oes::end_process("committer", odd_cause(), {two_notes, file.path.c_str()});
  });
  CHECK(end.code == 70);
  CHECK(end.said.find(R"(stream="fuel,regions, wem" dataset="data, market" window="a to b, " )"
                      R"(reason="a 'tab'?? ?" exit_code=70)") != std::string::npos);
  const auto left = text_in(file.path);
  CHECK(std::count(left.begin(), left.end(), '\n') == 2);
  CHECK(left.find("\tfuel,regions\tdata\tlive\ta to b\ta 'tab'?? ?\n") != std::string::npos);
  CHECK(left.find("\twem\tmarket\tlive\t\ta 'tab'?? ?\n") != std::string::npos);
}

TEST_CASE("E1: nobody reads stderr any more, and it is full: the entry is left, and the process ends all the same") {
  const temp_file file;
  std::ofstream(file.path) << "";
  std::array<int, 2> pipe{};
  REQUIRE(::pipe2(pipe.data(), O_NONBLOCK) == 0);
  const std::string filling(4096, 'x');
  while (::write(pipe[1], filling.data(), filling.size()) > 0) {
  }
  const auto child = ::fork();
  if (child == 0) {
    ::fcntl(pipe[1], F_SETFL, 0);
    ::dup2(pipe[1], STDERR_FILENO);
    ::alarm(10);  // it would wait for ever
    oes::end_process("committer", odd_cause(), {two_notes, file.path.c_str()});
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 70);
  const auto left = text_in(file.path);
  CHECK(std::count(left.begin(), left.end(), '\n') == 2);
  for (const int end : pipe) ::close(end);
}

TEST_CASE("E1: a log in JSON ends in JSON") {
  const auto end = oes::test::end_of_process([] {
    oes::say_last_words_as(oes::words_form::json);
    oes::end_process("tap", odd_cause());
  });
  CHECK(end.said.find(R"({"time":"2)") == 0);
  CHECK(end.said.find(R"(,"level":"critical","msg":"something)") != std::string::npos);
  CHECK(end.said.find("\"part\":\"tap\",\"reason\":\"a 'tab'?? ?\",\"exit_code\":70}\n") != std::string::npos);
}

TEST_CASE("E8: where systemd's journal reads stderr it files the last words as critical") {
  const auto text = oes::test::end_of_process([] {
    oes::say_last_words_to(oes::words_reader::journal);
    oes::end_process("tap", odd_cause());
  });
  CHECK(text.said.find("<2>something unexpected happened: the process ends") == 0);  // it writes its own time
  CHECK(text.said.find("part=\"tap\" reason=\"a 'tab'?? ?\" exit_code=70\n") != std::string::npos);
  const auto json = oes::test::end_of_process([] {
    oes::say_last_words_to(oes::words_reader::journal);
    oes::say_last_words_as(oes::words_form::json);
    oes::end_process("tap", odd_cause());
  });
  CHECK(json.said.find(R"(<2>{"time":"2)") == 0);
}

TEST_CASE("E1: an entry is left in a plain file that is there, and nowhere else") {
  const temp_file file;
  const auto missing = oes::test::end_of_process([&] {
    oes::end_process("x", odd_cause(), {two_notes, file.path.c_str()});
  });
  CHECK(missing.code == 70);
  CHECK_FALSE(std::filesystem::exists(file.path));
  const auto target = file.path.string() + "-target";
  std::ofstream(target) << "kept";
  std::filesystem::create_symlink(target, file.path);
  const auto linked = oes::test::end_of_process([&] {
    oes::end_process("x", odd_cause(), {two_notes, file.path.c_str()});
  });
  CHECK(linked.code == 70);
  CHECK(text_in(target) == "kept");
  std::filesystem::remove(target);
}
