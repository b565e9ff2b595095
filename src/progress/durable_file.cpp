#include "progress/durable_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include "model/fault_point.hpp"

namespace oes {
namespace {

error failed(const std::string& what, const std::string& path, int number) {
  return {errc::io_error, "cannot " + what + " " + path + ": " + std::system_category().message(number), {}, 0};
}

class descriptor {
 public:
  explicit descriptor(int fd) : fd_(fd) {}
  ~descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

result<void> write_all(int fd, std::string_view content, const std::string& path) {
  while (!content.empty()) {
    const auto written = ::write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return failed("write", path, errno);
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

// A command that root runs beside a daemon of another user must not leave it files that it cannot read.
void give_to_folders_owner(int fd, const std::string& path) {
  if (::geteuid() != 0) return;
  struct stat folder {};
  if (::stat(std::filesystem::path(path).parent_path().c_str(), &folder) != 0 || folder.st_uid == 0) return;
  (void)!::fchown(fd, folder.st_uid, folder.st_gid);
}

result<void> write_new(const std::string& path, std::string_view content) {
  ::unlink(path.c_str());
  const descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (file.get() < 0) return failed("create", path, errno);
  give_to_folders_owner(file.get(), path);
  auto written = write_all(file.get(), content, path);
  if (!written) return written;
  fault_point("file.written");
  if (::fsync(file.get()) != 0) return failed("sync", path, errno);
  return {};
}

// A link first, so that at no moment the file itself is missing; a plain rename where the file system has no links.
void keep_previous(const std::string& path) {
  const auto step = path + ".prev.tmp";
  const auto previous = path + ".prev";
  ::unlink(step.c_str());
  if (::link(path.c_str(), step.c_str()) == 0) {
    fault_point("file.linked");
    ::rename(step.c_str(), previous.c_str());
    ::unlink(step.c_str());  // rename does nothing when both names are the same file already
  } else if (errno != ENOENT) {
    ::rename(path.c_str(), previous.c_str());
  }
}

}  // namespace

result<void> make_private_folder(const std::string& folder) {
  std::error_code ec;
  if (std::filesystem::is_directory(folder, ec)) return {};
  std::filesystem::path so_far;
  for (const auto& part : std::filesystem::path(folder)) {
    so_far /= part;
    if (std::filesystem::exists(so_far, ec)) continue;
    if (::mkdir(so_far.c_str(), 0700) != 0 && errno != EEXIST) {
      return failed("create progress_path " + folder + ", at", so_far.string(), errno);
    }
  }
  if (std::filesystem::is_directory(folder, ec)) return {};
  return failed("use progress_path", folder, ENOTDIR);
}

result<void> replace_file(const std::string& folder, const std::string& name, std::string_view content) {
  const auto path = folder + "/" + name;
  const auto fresh = path + ".tmp";
  auto written = write_new(fresh, content);
  if (!written) written = write_new(fresh, content);
  if (!written) {
    ::unlink(fresh.c_str());
    return written;
  }
  fault_point("file.synced");
  keep_previous(path);
  fault_point("file.previous-kept");
  if (::rename(fresh.c_str(), path.c_str()) != 0) return failed("replace", path, errno);
  fault_point("file.renamed");
  const descriptor inside(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  // EINVAL: a file system that cannot sync folders.
  if (inside.get() < 0 || (::fsync(inside.get()) != 0 && errno != EINVAL)) return failed("sync", folder, errno);
  return {};
}

}  // namespace oes
