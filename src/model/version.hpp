#pragma once
// What this build is. Written at build time from CMakeLists.txt's project version and the checkout
// (cmake/version.cmake).
#include <string_view>

namespace oes {

/// As in `project(… VERSION …)`.
std::string_view version();
/// Short commit, `-dirty` after it where the checkout was changed; "unknown" outside of one.
std::string_view commit();

}  // namespace oes
