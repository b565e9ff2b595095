// Whatever another user puts under progress_path: nothing is followed, waited for or read without end.
#include "files/local_file.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "app/fresh_permit.hpp"
#include "app/key_memory.hpp"
#include "app/rejected_samples.hpp"
#include "files/lock_file.hpp"
#include "integration/progress/temp_folder.hpp"
#include "progress/credit_file.hpp"
#include "progress/progress_file.hpp"
#include "unit/progress/samples.hpp"

using namespace oes;
namespace fs = std::filesystem;

namespace {

constexpr uid_t service = 10001;

unsigned mode_of(const std::string& path) {
  struct stat about {};
  REQUIRE(::lstat(path.c_str(), &about) == 0);
  return about.st_mode & 07777U;
}

bool may_give_files_away() {
  const bool root = ::geteuid() == 0;
  if (!root) MESSAGE("not looked at: only root may give files to others");
  return root;
}

// Everything that a daemon or a command makes under the folder.
void use_everything(const std::string& folder) {
  const auto lock = lock_file::acquire(folder);
  static_cast<void>(write_progress_file(folder, samples::snapshot()));
  static_cast<void>(write_progress_file(folder, samples::snapshot()));
  static_cast<void>(write_credit_file(folder, {"key", ""}, {utc_time(), 3}));
  remember_key(folder, "key");
  static_cast<void>(grant_fresh_permit(folder));
  keep_rejected_sample(folder, "why", "body", {});
}

const std::vector<std::string> names{"lock",        "progress.json", "progress.json.prev", "progress.json.tmp",
                                     "budget.json", "key.sha256",    "allow-fresh-start"};

}  // namespace

TEST_CASE("H1: what root makes in a folder of another user belongs to him, for him alone") {
  if (!may_give_files_away()) return;
  const temp_folder folder;
  REQUIRE(::chown(folder.path().c_str(), service, service) == 0);
  use_everything(folder.path());
  std::size_t seen = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder.path())) {
    struct stat about {};
    REQUIRE(::lstat(entry.path().c_str(), &about) == 0);
    CHECK_MESSAGE(about.st_uid == service, entry.path().string());
    CHECK_MESSAGE((about.st_mode & 0777U) == (entry.is_directory() ? 0700U : 0600U), entry.path().string());
    ++seen;
  }
  CHECK(seen >= 7);
}

TEST_CASE("H1: a lock that root left for itself is given back to the folder's owner") {
  if (!may_give_files_away()) return;
  const temp_folder folder;
  folder.put("lock", "");
  REQUIRE(::chown(folder.path().c_str(), service, service) == 0);
  REQUIRE(lock_file::acquire(folder.path()).has_value());
  struct stat about {};
  REQUIRE(::stat(folder.of("lock").c_str(), &about) == 0);
  CHECK(about.st_uid == service);
}

TEST_CASE("H2: no symbolic link is followed, whichever file it stands for") {
  const temp_folder elsewhere;
  const temp_folder folder;
  for (const auto& name : names) {
    elsewhere.put(name, "precious");
    fs::create_symlink(elsewhere.of(name), folder.of(name));
  }
  use_everything(folder.path());
  for (const auto& name : names) CHECK_MESSAGE(elsewhere.text(name) == "precious", name);
  const auto lock = lock_file::acquire(folder.path());
  REQUIRE(lock.has_error());
  CHECK(lock.error().context.find("symbolic link") != std::string::npos);
}

TEST_CASE("H2: a lock of two names is another's file") {
  const temp_folder elsewhere;
  const temp_folder folder;
  elsewhere.put("file", "precious");
  fs::create_hard_link(elsewhere.of("file"), folder.of("lock"));
  CHECK(lock_file::acquire(folder.path()).has_error());
  CHECK(elsewhere.text("file") == "precious");
}

TEST_CASE("H2: links to folders for months and samples are not written through") {
  const temp_folder elsewhere;
  const temp_folder folder;
  fs::create_directory_symlink(elsewhere.path(), folder.of("rejected"));
  fs::create_directory_symlink(elsewhere.path(), folder.of("progress.months"));
  auto old = samples::snapshot();
  old.state.members.begin()->second.labels.cover(
      {samples::local("2025-01-01T00:00:00"), samples::local("2025-02-01T00:00:00")});
  use_everything(folder.path());
  CHECK(write_progress_file(folder.path(), old).has_error());
  CHECK(fs::is_empty(elsewhere.path()));
}

TEST_CASE("D5: pipes and devices are neither waited for nor read") {
  const temp_folder folder;
  for (const auto& name : names) REQUIRE(::mkfifo(folder.of(name).c_str(), 0600) == 0);
  for (const auto& name : names) {
    const auto found = read_local_file(folder.of(name));
    REQUIRE(found.has_error());
    CHECK(found.error().context == "is not a plain file");
  }
  CHECK(!read_credit_file(folder.path(), {"key", ""}));
  CHECK(!key_worked_before(folder.path(), "key"));
  CHECK(!has_fresh_permit(folder.path()));
  CHECK(lock_file::acquire(folder.path()).has_error());
  const auto progress = read_progress_file(folder.path());
  REQUIRE(progress.has_value());
  CHECK(progress->damage.find("is not a plain file") != std::string::npos);
  CHECK(read_local_file("/dev/zero").error().context == "is not a plain file");
}

TEST_CASE("D5: a file without end is read to a bound") {
  const temp_folder folder;
  folder.put("large", "");
  fs::resize_file(folder.of("large"), 1UL << 40U);  // sparse: a tebibyte
  const auto found = read_local_file(folder.of("large"), 100'000);
  REQUIRE(found.has_error());
  CHECK(found.error().context == "is larger than 100000 bytes");
  fs::resize_file(folder.of("large"), 100'000);
  CHECK(read_local_file(folder.of("large"), 100'000).has_value());
}

TEST_CASE("D5: a file that an operator names may lie behind a link, but is plain and has a bound like any other") {
  const temp_folder folder;
  folder.put("export.json", "{}");
  fs::create_symlink("export.json", folder.of("link"));
  CHECK(read_named_file(folder.of("link"), 2).value() == "{}");
  CHECK(read_named_file(folder.of("link"), 1).error().context == "is larger than 1 bytes");
  CHECK(!read_named_file(folder.of("none"), 2).value());
  REQUIRE(::mkfifo(folder.of("pipe").c_str(), 0600) == 0);
  for (const auto& path : {folder.of("pipe"), folder.path(), std::string("/dev/zero")}) {
    CHECK(read_named_file(path, 2).error().context == "is not a plain file");
  }
}

TEST_CASE("H2: whatever mode a file had, the new one is for its owner alone") {
  const temp_folder folder;
  folder.put("key.sha256", "old");
  fs::permissions(folder.of("key.sha256"), fs::perms::all);
  remember_key(folder.path(), "key");
  CHECK(mode_of(folder.of("key.sha256")) == 0600U);
  CHECK(key_worked_before(folder.path(), "key"));
  CHECK(!key_worked_before(folder.path(), "another"));
}
