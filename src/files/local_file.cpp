#include "files/local_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include "model/fault_point.hpp"

namespace oes {
namespace {

constexpr int guarded = O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;

std::string reason(int number) {
  if (number == ELOOP) return "it is a symbolic link, which is not followed";
  return std::system_category().message(number);
}

error failed(const std::string& what, const std::string& path, int number) {
  return {errc::io_error, "cannot " + what + " " + path + ": " + reason(number)};
}

error damaged(std::string context) { return {errc::damaged, std::move(context)}; }

bool is_plain(int descriptor) {
  struct stat file {};
  return ::fstat(descriptor, &file) == 0 && S_ISREG(file.st_mode);
}

// A command that root runs beside a daemon of another user must not leave it what it cannot open.
void give_to_folders_owner(int descriptor, const std::string& path) {
  if (::geteuid() != 0) return;
  struct stat folder {};
  struct stat file {};
  const auto around = std::filesystem::path(path).parent_path().string();
  if (::stat(around.empty() ? "." : around.c_str(), &folder) != 0 || ::fstat(descriptor, &file) != 0) return;
  if (folder.st_uid == 0 || file.st_uid == folder.st_uid) return;
  (void)!::fchown(descriptor, folder.st_uid, folder.st_gid);
}

result<void> write_all(int fd, std::string_view content, const std::string& path) {
  while (!content.empty()) {
    const auto written = ::write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return failed("write", path, errno);
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

result<std::optional<std::string>> read_plain_file(const std::string& path, int flags, std::size_t most) {
  const local_file file(::open(path.c_str(), O_RDONLY | flags));
  if (file.get() < 0 && errno == ENOENT) return std::optional<std::string>();
  if (file.get() < 0) return damaged("cannot be opened: " + reason(errno));
  if (!is_plain(file.get())) return damaged("is not a plain file");
  std::string out;
  std::array<char, 65536> buffer{};
  for (;;) {
    const auto size = ::read(file.get(), buffer.data(), buffer.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return damaged("cannot be read: " + reason(errno));
    if (size == 0) return std::optional(std::move(out));
    out.append(buffer.data(), static_cast<std::size_t>(size));
    if (out.size() > most) return damaged("is larger than " + std::to_string(most) + " bytes");
  }
}

}  // namespace

local_file::~local_file() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

result<std::optional<std::string>> read_local_file(const std::string& path, std::size_t most) {
  return read_plain_file(path, guarded, most);
}

result<std::optional<std::string>> read_named_file(const std::string& path, std::size_t most) {
  return read_plain_file(path, guarded & ~O_NOFOLLOW, most);
}

result<void> write_local_file(const std::string& path, std::string_view content) {
  ::unlink(path.c_str());
  const local_file file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | guarded, 0600));
  if (file.get() < 0) return failed("create", path, errno);
  give_to_folders_owner(file.get(), path);
  auto written = write_all(file.get(), content, path);
  if (!written) return written;
  fault_point("file.written");
  if (::fsync(file.get()) != 0) return failed("sync", path, errno);
  return {};
}

result<local_file> open_local_file(const std::string& path) {
  local_file file(::open(path.c_str(), O_RDWR | O_CREAT | guarded, 0600));
  // On a disk that has become read-only a file that is there can still be locked.
  if (file.get() < 0 && errno == EROFS) file = local_file(::open(path.c_str(), O_RDONLY | guarded));
  if (file.get() < 0) return failed("open", path, errno);
  struct stat about {};
  if (::fstat(file.get(), &about) != 0) return failed("look at", path, errno);
  if (!S_ISREG(about.st_mode) || about.st_nlink != 1) {
    return error{errc::io_error, "cannot use " + path + ": it is not a plain file of one name"};
  }
  give_to_folders_owner(file.get(), path);
  return file;
}

result<std::string> make_local_folder_in(const std::string& folder, std::string_view name) {
  auto path = folder + "/" + std::string(name);
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return failed("create", path, errno);
  const local_file there(::open(path.c_str(), O_RDONLY | O_DIRECTORY | guarded));
  if (there.get() < 0) return failed("use the folder", path, errno);
  give_to_folders_owner(there.get(), path);
  // Where somebody else made it before, others may look into it.
  struct stat about {};
  const bool open_to_others = ::fstat(there.get(), &about) == 0 && (about.st_mode & 0077U) != 0;
  if (open_to_others) static_cast<void>(::fchmod(there.get(), 0700));
  return path;
}

result<void> make_local_folder(const std::string& folder) {
  std::error_code ec;
  if (std::filesystem::is_directory(folder, ec)) return {};
  std::filesystem::path so_far;
  for (const auto& part : std::filesystem::path(folder)) {
    so_far /= part;
    if (std::filesystem::exists(so_far, ec)) continue;
    if (::mkdir(so_far.c_str(), 0700) != 0) {
      if (errno == EEXIST) continue;
      return failed("create progress_path " + folder + ", at", so_far.string(), errno);
    }
    const local_file made(::open(so_far.c_str(), O_RDONLY | O_DIRECTORY | guarded));
    if (made.get() >= 0) give_to_folders_owner(made.get(), so_far.string());
  }
  if (std::filesystem::is_directory(folder, ec)) return {};
  return failed("use progress_path", folder, ENOTDIR);
}

result<void> may_read_local_folder(const std::string& folder) {
  const local_file inside(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (inside.get() < 0) return error{errc::io_error, std::system_category().message(errno)};
  return {};
}

std::set<std::string> names_in_local_folder(const std::string& folder) {
  std::set<std::string> out;
  std::error_code ec;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ec)) out.insert(entry.path().filename());
  return out;
}

bool is_local_file(const std::string& path) {
  std::error_code ec;
  return std::filesystem::is_regular_file(std::filesystem::symlink_status(path, ec));
}

void remove_local_file(const std::string& path) {
  std::error_code ec;
  std::filesystem::remove(path, ec);
}

result<void> sync_local_folder(const std::string& folder) {
  const local_file inside(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  // EINVAL: a file system that cannot sync folders.
  if (inside.get() < 0 || (::fsync(inside.get()) != 0 && errno != EINVAL)) return failed("sync", folder, errno);
  return {};
}

}  // namespace oes
