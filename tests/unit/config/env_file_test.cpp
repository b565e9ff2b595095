// Environment files, read as systemd reads EnvironmentFile=: what the service gets, the commands beside it get too.
#include <dlfcn.h>
#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <random>
#include <string>

#include "config/env_file.hpp"
#include "unit/config/config_support.hpp"

using namespace oes;
using namespace oes::test;

namespace {

environment_file read_env(const std::string& text, const variables& outer = {}) {
  auto read = with_env_text(text, "env", env_of(outer));
  REQUIRE(read.has_value());
  return std::move(*read);
}

// What a text sets A to.
std::string value_of_a(const std::string& text) { return read_env(text).env("A").value_or("(none)"); }

std::string left_out_of(const std::string& text) {
  std::string out;
  for (const auto& one : read_env(text).left_out) out += describe(one) + "\n";
  return out;
}

// systemd's own reader of such files, where this machine has it.
class systemd_library {
 public:
  systemd_library() {
    std::error_code failed;
    for (const auto* folder :
         {"/usr/lib/x86_64-linux-gnu/systemd", "/usr/lib/aarch64-linux-gnu/systemd", "/usr/lib/systemd"}) {
      for (const auto& file : std::filesystem::directory_iterator(folder, failed)) {
        const auto name = file.path().filename().string();
        if (load_ == nullptr && name.starts_with("libsystemd-shared-")) take(file.path());
      }
    }
  }
  [[nodiscard]] bool is_there() const { return load_ != nullptr; }

  // As a service gets it: what is no variable's name, or holds a control character, has been left out.
  [[nodiscard]] variables read(const std::filesystem::path& file) const {
    variables out;
    char** list = nullptr;
    if (load_(nullptr, file.c_str(), &list) < 0 || list == nullptr) return out;
    for (char** one = list; *one != nullptr; ++one) {
      const std::string text(*one);
      std::free(*one);
      const auto name = text.substr(0, text.find('='));
      const auto value = text.substr(name.size() + 1);
      const bool is_name = name.find_first_not_of("ABx") == std::string::npos && !name.empty();
      if (is_name && value.find('\r') == std::string::npos) out[name] = value;
    }
    std::free(list);
    return out;
  }

 private:
  using load_env_file = int (*)(std::FILE*, const char*, char***);
  void take(const std::filesystem::path& library) {
    auto* opened = ::dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (opened != nullptr) load_ = reinterpret_cast<load_env_file>(::dlsym(opened, "load_env_file"));
  }
  load_env_file load_ = nullptr;
};

}  // namespace

TEST_CASE("systemd itself reads an environment file so") {
  const systemd_library systemd;
  if (!systemd.is_there()) {
    MESSAGE("no libsystemd-shared here");
    return;
  }
  const auto file = std::filesystem::temp_directory_path() / ("oes-env-" + std::to_string(::getpid()));
  const std::unique_ptr<const std::filesystem::path, void (*)(const std::filesystem::path*)> made(
      &file, [](const std::filesystem::path* path) { std::filesystem::remove(*path); });
  // No comment that ends in a backslash: what follows it was part of it before v254.
  constexpr std::string_view pieces = "AABx==''\"\"\\\\ \t\n\n\r$`";
  std::mt19937 chance(7);
  for (int i = 0; i < 5000; ++i) {
    std::string text = i % 2 == 0 ? "A=" : "";
    for (auto size = chance() % 24; size > 0; --size) text += pieces[chance() % pieces.size()];
    CAPTURE(text);
    std::ofstream(file, std::ios::binary) << text;
    const auto wanted = systemd.read(file);
    const auto read = read_env(text);
    for (const auto* name : {"A", "B", "x", "AA", "AB", "Ax"}) {
      const auto there = wanted.find(name);
      CHECK(read.env(name) == (there == wanted.end() ? std::optional<std::string>() : there->second));
    }
  }
}

TEST_CASE("I8: an environment file goes before the environment, in systemd's spelling") {
  const auto read =
      read_env("# a comment\n; another\n\nKEY=plain value \nQUOTED=\"a \\\"b\\\"\"\nSINGLE='x y'\nEMPTY=\n",
               {{"KEY", "outer"}, {"OTHER", "outer"}});
  CHECK(read.env("KEY") == "plain value");
  CHECK(read.env("QUOTED") == "a \"b\"");
  CHECK(read.env("SINGLE") == "x y");
  CHECK(read.env("EMPTY") == "");
  CHECK(read.env("OTHER") == "outer");
  CHECK_FALSE(read.env("NONE"));
  CHECK(read.left_out.empty());
}

TEST_CASE("a backslash in an environment file") {
  CHECK(value_of_a(R"(A="/tmp/a\sb")") == R"(/tmp/a\sb)");
  CHECK(value_of_a(R"(A=/tmp/a\sb)") == "/tmp/asb");
  CHECK(value_of_a(R"(A='/tmp/a\sb')") == R"(/tmp/a\sb)");
  CHECK(value_of_a(R"(A="\"\\\`\$")") == "\"\\`$");
  CHECK(value_of_a("A=a:1,\\\nb:1\n") == "a:1,b:1");
  CHECK(value_of_a("A=\"a:1, \\\nb:1\"\n") == "a:1, b:1");
  CHECK(value_of_a("A=x\\ \n") == "x ");
  CHECK(value_of_a("A=x\\") == "x");
}

TEST_CASE("quotes in an environment file") {
  CHECK(value_of_a(R"(A="/tmp/a""b")") == "/tmp/ab");
  CHECK(value_of_a("A=\"two\nlines\"\n") == "two\nlines");
  CHECK(value_of_a("A='a' 'b'") == "ab");
  CHECK(value_of_a("A=a'b'") == "a'b'");
  CHECK(value_of_a("A = x y  \r\nB=1") == "x y");
  CHECK(value_of_a("A=\"no end\nB=1") == "no end\nB=1");
  CHECK(value_of_a("A=1\nA=2") == "2");
  CHECK(value_of_a("A=1 # no comment") == "1 # no comment");
}

TEST_CASE("a line that sets nothing is left out with a warning, and the rest holds; an empty file sets nothing") {
  CHECK(read_env("").left_out.empty());
  CHECK(value_of_a("nothing\nA=1") == "1");
  CHECK(left_out_of("nothing\nA=1") == "env:1:1: warning: left out, as systemd does: it must be NAME=value\n");
  CHECK(left_out_of("A=1\n1B=2") == "env:2:1: warning: left out, as systemd does: it must be NAME=value\n");
  CHECK(value_of_a("export A=1") == "(none)");
  CHECK(has(left_out_of("A=\"x\ny\"\nexport B=1"), "env:3:1: warning"));
  CHECK(has(left_out_of("\xEF\xBB\xBF"
                        "A=1"),
            "env:1:1: warning: left out, as systemd does: the file begins with a byte order mark"));
  CHECK(value_of_a("A=1\x01") == "(none)");
  CHECK(has(left_out_of("A=1\x01"), "env:1:1: warning: left out, as systemd does: the value of A holds a control"));
}

TEST_CASE("an environment file that systemd takes nothing of is a fault") {
  CHECK(has(with_env_text("B=1\nA=\xFF", "env", env_of({})).error().context, "env:2: the line is not UTF-8"));
  CHECK(has(with_env_text(std::string("A=1\0", 4), "env", env_of({})).error().context, "env:1: it holds a NUL byte"));
  CHECK(has(with_env_file("/nonexistent/env", env_of({})).error().context, "/nonexistent/env"));
}

TEST_CASE("what was left out of an environment file is told with the configuration's problems") {
  config_source source{"", env_of(usual())};
  source.warnings = read_env("nothing").left_out;
  const auto loaded = load_configuration(source);
  REQUIRE(loaded.config);
  CHECK(has(lines(loaded).at(0), "env:1:1: warning"));
}
