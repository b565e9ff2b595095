#include "files/lock_file.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>

#include "integration/progress/temp_folder.hpp"

using namespace oes;

namespace {

// A process that takes the lock, says so, and keeps it until it is killed or told to go.
class holder {
 public:
  explicit holder(const std::string& folder) {
    std::array<int, 2> to_us{};
    std::array<int, 2> to_it{};
    REQUIRE(::pipe(to_us.data()) == 0);
    REQUIRE(::pipe(to_it.data()) == 0);
    pid_ = ::fork();
    REQUIRE(pid_ >= 0);
    if (pid_ == 0) {
      ::close(to_it[1]);
      const auto lock = lock_file::acquire(folder);
      char said = lock.has_value() ? 'y' : 'n';
      (void)!::write(to_us[1], &said, 1);
      (void)!::read(to_it[0], &said, 1);
      ::_exit(0);
    }
    ::close(to_us[1]);
    ::close(to_it[0]);
    REQUIRE(::read(to_us[0], &said_, 1) == 1);
    ::close(to_us[0]);
    tell_ = to_it[1];
  }
  ~holder() { kill(); }
  holder(const holder&) = delete;
  holder& operator=(const holder&) = delete;

  void kill() {
    if (pid_ == 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    ::close(tell_);
    pid_ = 0;
  }
  [[nodiscard]] bool got_it() const { return said_ == 'y'; }
  [[nodiscard]] pid_t pid() const { return pid_; }

 private:
  pid_t pid_ = 0;
  int tell_ = -1;
  char said_ = '?';
};

}  // namespace

TEST_CASE("a second process is refused and told who holds the lock; killed with -9, the holder lets go") {
  const temp_folder folder;
  holder other(folder.path());
  REQUIRE(other.got_it());
  const auto refused = lock_file::acquire(folder.path());
  REQUIRE(refused.has_error());
  CHECK(refused.error().code == errc::locked);
  CHECK(refused.error().context.find("process " + std::to_string(other.pid())) != std::string::npos);
  other.kill();
  CHECK(lock_file::acquire(folder.path()).has_value());
}

TEST_CASE("the lock is exclusive inside one process too, and ends with its owner") {
  const temp_folder folder;
  {
    const auto mine = lock_file::acquire(folder.path());
    REQUIRE(mine.has_value());
    CHECK(lock_file::acquire(folder.path()).has_error());
    CHECK(folder.text("lock") == std::to_string(::getpid()) + "\n");
    const holder other(folder.path());
    CHECK(!other.got_it());
  }
  const holder other(folder.path());
  CHECK(other.got_it());
}

TEST_CASE("a missing folder is made, for its owner only") {
  const temp_folder folder;
  const auto path = folder.of("state/openelectricity-stream");
  CHECK(lock_file::acquire(path).has_value());
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777U) == 0700U);
}

TEST_CASE("a folder that cannot be is an io_error that names it") {
  const temp_folder folder;
  folder.put("file", "");
  const auto lock = lock_file::acquire(folder.of("file/below"));
  REQUIRE(lock.has_error());
  CHECK(lock.error().code == errc::io_error);
  CHECK(lock.error().context.find(folder.of("file/below")) != std::string::npos);
}
