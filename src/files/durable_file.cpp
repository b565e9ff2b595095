#include "files/durable_file.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

#include "files/local_file.hpp"
#include "model/fault_point.hpp"

namespace oes {
namespace {

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

result<void> replace_file(const std::string& folder, const std::string& name, std::string_view content, old_file old) {
  const auto path = folder + "/" + name;
  const auto fresh = path + ".tmp";
  auto written = write_local_file(fresh, content);
  if (!written) written = write_local_file(fresh, content);
  if (!written) {
    ::unlink(fresh.c_str());
    return written;
  }
  fault_point("file.synced");
  if (old == old_file::kept) keep_previous(path);
  fault_point("file.previous-kept");
  if (::rename(fresh.c_str(), path.c_str()) != 0) {
    return error{errc::io_error, "cannot replace " + path + ": " + std::system_category().message(errno)};
  }
  fault_point("file.renamed");
  return sync_local_folder(folder);
}

}  // namespace oes
