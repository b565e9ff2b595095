#include "config/folder_check.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>

namespace oes {

folder_verdict look_at_folder(const std::string& path) {
  namespace fs = std::filesystem;
  if (path.empty()) return {"it is empty"};
  const auto refused = [&](std::string why, int number) {
    const auto level = number == EACCES || number == EPERM ? severity::warning : severity::fault;
    return folder_verdict{"'" + path + "' cannot be " + why + ": " + std::strerror(number), level};
  };
  std::error_code failed;
  auto at = fs::absolute(path, failed).lexically_normal();
  if (failed) return refused("made", failed.value());
  if (at.filename().empty()) at = at.parent_path();
  bool there = true;
  while (fs::status(at, failed).type() == fs::file_type::not_found || failed) {
    // Not reachable (a parent is a file, or may not be entered) is not the same as not there.
    if (failed && failed != std::errc::no_such_file_or_directory) return refused("made", failed.value());
    there = false;
    at = at.parent_path();
  }
  if (!fs::is_directory(at, failed)) {
    return there ? folder_verdict{"'" + path + "' is not a folder"}
                 : folder_verdict{"'" + path + "' cannot be made: " + at.string() + " is not a folder"};
  }
  if (::access(at.c_str(), W_OK | X_OK) == 0) return {};
  return refused(there ? "written" : "made in " + at.string(), errno);
}

}  // namespace oes
