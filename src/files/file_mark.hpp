#pragma once
// Whether a file was written or replaced since it was last looked at.
#include <string>

namespace oes {

/// Another text for another file, size or time of change; a symbolic link is followed. Empty: it cannot be had.
std::string mark_of_file(const std::string& path);

}  // namespace oes
