// What the product calls to change files, on the disks of the hosts (disk.hpp); other files are the C library's.
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdarg>
#include <cstdio>

#include "simulation/machine/disk.hpp"

using oes::simulation::disk;

extern "C" {

int open(const char* path, int flags, ...) {
  mode_t mode = 0;
  if ((flags & O_CREAT) != 0) {
    va_list more;
    va_start(more, flags);
    mode = va_arg(more, mode_t);
    va_end(more);
  }
  if (auto* one = disk::of_path(path)) return one->open(path, flags, mode);
  return static_cast<int>(syscall(SYS_openat, AT_FDCWD, path, flags, mode));
}

int fsync(int descriptor) {
  if (auto* one = disk::of_descriptor(descriptor)) return one->sync(descriptor);
  return static_cast<int>(syscall(SYS_fsync, descriptor));
}

int rename(const char* from, const char* to) noexcept {
  if (auto* one = disk::of_path(to)) return one->rename(from, to);
  return static_cast<int>(syscall(SYS_rename, from, to));
}

int link(const char* from, const char* to) noexcept {
  if (auto* one = disk::of_path(to)) return one->link(from, to);
  return static_cast<int>(syscall(SYS_link, from, to));
}

int unlink(const char* path) noexcept {
  if (auto* one = disk::of_path(path)) return one->unlink(path);
  return static_cast<int>(syscall(SYS_unlink, path));
}

int mkdir(const char* path, mode_t mode) noexcept {
  if (auto* one = disk::of_path(path)) return one->make_folder(path, mode);
  return static_cast<int>(syscall(SYS_mkdir, path, mode));
}

int close(int descriptor) {
  if (auto* one = disk::of_descriptor(descriptor)) return one->close(descriptor);
  return static_cast<int>(syscall(SYS_close, descriptor));
}

}  // extern "C"
