#include "files/file_mark.hpp"

#include <sys/stat.h>

namespace oes {

std::string mark_of_file(const std::string& path) {
  struct stat about {};
  if (::stat(path.c_str(), &about) != 0) return "";
  return std::to_string(about.st_dev) + ' ' + std::to_string(about.st_ino) + ' ' + std::to_string(about.st_size) + ' ' +
         std::to_string(about.st_mtim.tv_sec) + '.' + std::to_string(about.st_mtim.tv_nsec);
}

}  // namespace oes
