#include "progress/progress_file.hpp"

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>

#include "integration/progress/temp_folder.hpp"
#include "unit/progress/samples.hpp"

using namespace oes;
namespace fs = std::filesystem;

namespace {

progress_snapshot at(std::int64_t sequence) {
  auto s = samples::snapshot();
  s.state.sequence = sequence;
  return s;
}

found_progress found_in(const temp_folder& folder) {
  const auto found = read_progress_file(folder.path());
  REQUIRE_MESSAGE(found.has_value(), found.error().context);
  return *found;
}

void write(const temp_folder& folder, std::int64_t sequence) {
  const auto done = write_progress_file(folder.path(), at(sequence));
  REQUIRE_MESSAGE(done.has_value(), done.error().context);
}

}  // namespace

TEST_CASE("an empty folder holds nothing, and nothing is wrong with that") {
  const temp_folder folder;
  const auto found = found_in(folder);
  CHECK(!found.snapshot);
  CHECK(!found.replaced_source_start);
  CHECK(found.damage.empty());
}

TEST_CASE("a folder that is not there is an io_error that names it") {
  const auto found = read_progress_file("/nonexistent/oes");
  REQUIRE(found.has_error());
  CHECK(found.error().code == errc::io_error);
  CHECK(found.error().context.find("/nonexistent/oes") != std::string::npos);
}

TEST_CASE("each writing keeps the one before as .prev, private, and leaves nothing else behind") {
  const temp_folder folder;
  write(folder, 1);
  CHECK(!fs::exists(folder.of("progress.json.prev")));
  for (std::int64_t sequence = 2; sequence < 5; ++sequence) {
    const auto before = folder.text("progress.json");
    write(folder, sequence);
    CHECK(folder.text("progress.json.prev") == before);
    CHECK(found_in(folder).snapshot == at(sequence));
  }
  std::size_t files = 0;
  for ([[maybe_unused]] const auto& entry : fs::directory_iterator(folder.path())) ++files;
  CHECK(files == 2);
  struct stat status {};
  REQUIRE(::stat(folder.of("progress.json").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777U) == 0600U);
}

TEST_CASE("left-overs of a crash do not disturb the next writing") {
  const temp_folder folder;
  write(folder, 1);
  folder.put("progress.json.tmp", "half a fi");
  fs::create_hard_link(folder.of("progress.json"), folder.of("progress.json.prev.tmp"));
  fs::create_hard_link(folder.of("progress.json"), folder.of("progress.json.prev"));
  write(folder, 2);
  CHECK(found_in(folder).snapshot == at(2));
  CHECK(!fs::exists(folder.of("progress.json.tmp")));
  CHECK(!fs::exists(folder.of("progress.json.prev.tmp")));
}

TEST_CASE("torn at any byte, progress.json never yields another state than the one before") {
  const temp_folder folder;
  write(folder, 1);
  write(folder, 2);
  const auto whole = folder.text("progress.json").size();
  for (auto size = whole; size-- > 0;) {
    fs::resize_file(folder.of("progress.json"), size);
    const auto found = found_in(folder);
    REQUIRE(found.snapshot);
    if (size + 1 == whole) {  // only the last line end is gone
      CHECK(found.snapshot == at(2));
      continue;
    }
    CHECK(found.from_previous);
    CHECK(!found.damage.empty());
    CHECK(found.snapshot == at(1));
  }
}

TEST_CASE("an edited progress.json is reported, and .prev is taken") {
  const temp_folder folder;
  write(folder, 1);
  write(folder, 2);
  auto text = folder.text("progress.json");
  text.replace(text.find("\"sequence\": 2"), 13, "\"sequence\": 9");
  folder.put("progress.json", text);
  const auto found = found_in(folder);
  CHECK(found.snapshot == at(1));
  CHECK(found.from_previous);
  CHECK(found.damage.find("progress.json does not fit its sha256") != std::string::npos);
}

TEST_CASE("both damaged: nothing is guessed, both are named") {
  const temp_folder folder;
  folder.put("progress.json", "");
  folder.put("progress.json.prev", "{");
  const auto found = found_in(folder);
  CHECK(!found.snapshot);
  CHECK(!found.from_previous);
  CHECK(found.damage.find("progress.json is empty") != std::string::npos);
  CHECK(found.damage.find("progress.json.prev is not JSON") != std::string::npos);
}

TEST_CASE("progress.json deleted, .prev left: .prev is taken and the loss is named") {
  const temp_folder folder;
  write(folder, 1);
  write(folder, 2);
  fs::remove(folder.of("progress.json"));
  const auto found = found_in(folder);
  CHECK(found.snapshot == at(1));
  CHECK(found.damage.find("missing") != std::string::npos);
}

TEST_CASE("a folder in the file's place is damage, not a crash") {
  const temp_folder folder;
  fs::create_directory(folder.of("progress.json"));
  const auto found = found_in(folder);
  CHECK(!found.snapshot);
  CHECK(!found.damage.empty());
}

TEST_CASE("the replaced source's file is found, and kept as .prev when ours takes its place") {
  const temp_folder folder;
  const std::string old = R"({"timestamp": "2024-01-15T10:30:00"})";
  folder.put("progress.json", old);
  const auto found = found_in(folder);
  CHECK(found.replaced_source_start == samples::local("2024-01-15T10:30:00"));
  CHECK(!found.from_previous);
  CHECK(found.damage.empty());
  write(folder, 1);
  CHECK(folder.text("progress.json.prev") == old);
  CHECK(!found_in(folder).replaced_source_start);
  folder.put("progress.json", "");
  const auto torn = found_in(folder);
  CHECK(torn.replaced_source_start);
  CHECK(torn.from_previous);
  CHECK(!torn.damage.empty());
}

TEST_CASE("the replaced source's file laid over progress of ours shows both") {
  const temp_folder folder;
  write(folder, 1);
  write(folder, 2);
  folder.put("progress.json", R"({"timestamp": "2024-01-15T10:30:00"})");
  const auto found = found_in(folder);
  CHECK(found.replaced_source_start);
  CHECK(found.snapshot == at(1));
  CHECK(found.from_previous);
}

TEST_CASE("a folder that cannot be written is an io_error, and the file stays as it was") {
  const temp_folder folder;
  write(folder, 1);
  fs::create_directory(folder.of("progress.json.tmp"));  // in the way, also of root
  const auto done = write_progress_file(folder.path(), at(2));
  REQUIRE(done.has_error());
  CHECK(done.error().code == errc::io_error);
  CHECK(found_in(folder).snapshot == at(1));
}

TEST_CASE("a full disk is an io_error, and the file stays as it was") {
  // No disk is filled here: a limit on the size of files does the same to write(2).
  const temp_folder folder;
  write(folder, 1);
  const auto child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    // The child must not come back into the test runner.
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{100, 100};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    const auto done = write_progress_file(folder.path(), at(2));
    ::_exit(done.has_error() && done.error().code == errc::io_error ? 0 : 1);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK((WIFEXITED(status) && WEXITSTATUS(status) == 0));
  CHECK(found_in(folder).snapshot == at(1));
  CHECK(!fs::exists(folder.of("progress.json.tmp")));
}

TEST_CASE("written by root in another user's folder, the file is that user's") {
  if (::geteuid() != 0) return;
  const temp_folder folder;
  REQUIRE(::chown(folder.path().c_str(), 12345, 12345) == 0);
  write(folder, 1);
  struct stat found {};
  REQUIRE(::stat((folder.path() + "/progress.json").c_str(), &found) == 0);
  CHECK(found.st_uid == 12345);
}
