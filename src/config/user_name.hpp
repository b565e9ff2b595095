#pragma once
// Who this process is to the files that it opens.
#include <string>

namespace oes {

/// The user's number where no name is known.
std::string user_name();

}  // namespace oes
