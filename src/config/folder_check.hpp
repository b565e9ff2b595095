#pragma once
// Whether a progress_path can be made and written, looked at on the machine itself; nothing is made.
#include <string>

#include "config/check_means.hpp"

namespace oes {

/// That this user has not the right is a warning: the service may run as another.
folder_verdict look_at_folder(const std::string& path);

}  // namespace oes
