#include "files/lock_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

namespace oes {
namespace {

lock_holder written_by(int descriptor) {
  std::array<char, 32> text{};
  const auto size = ::pread(descriptor, text.data(), text.size(), 0);
  std::string pid(text.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  pid.erase(std::min(pid.find_first_not_of("0123456789"), pid.size()));
  return {std::move(pid)};
}

}  // namespace

result<std::unique_ptr<lock_file>> lock_file::acquire(const std::string& folder) {
  const auto made = make_local_folder(folder);
  if (!made) return made.error();
  const auto path = folder + "/lock";
  auto opened = open_local_file(path);
  if (!opened) return opened.error();
  const int descriptor = opened->get();
  std::unique_ptr<lock_file> lock(new lock_file(std::move(*opened)));
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    const int number = errno;
    if (number != EWOULDBLOCK) {
      return error{errc::io_error, "cannot lock " + path + ": " + std::system_category().message(number)};
    }
    return error{errc::locked,
                 path + " is held by " + written_by(descriptor).words() + ": one process per progress_path"};
  }
  // The pid is for people only: a full disk must not keep the daemon from starting.
  const auto pid = std::to_string(::getpid()) + "\n";
  if (::ftruncate(descriptor, 0) == 0) (void)!::pwrite(descriptor, pid.data(), pid.size(), 0);
  return lock;
}

std::optional<lock_holder> lock_file::holder(const std::string& folder) {
  const local_file file(::open((folder + "/lock").c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (file.get() < 0 || ::flock(file.get(), LOCK_SH | LOCK_NB) == 0 || errno != EWOULDBLOCK) return std::nullopt;
  return written_by(file.get());
}

bool lock_file::is_in(const std::string& folder) const {
  struct stat held {};
  struct stat there {};
  return ::fstat(file_.get(), &held) == 0 && ::stat((folder + "/lock").c_str(), &there) == 0 &&
         held.st_dev == there.st_dev && held.st_ino == there.st_ino;
}

// The file stays: removing it would let two processes hold locks on two files of the same name.
lock_file::~lock_file() = default;

}  // namespace oes
