#pragma once
// How long a line of the control socket may be. An export of a large deployment has to fit, so no document is longer.
#include <cstddef>

namespace oes {

inline constexpr std::size_t longest_line = 128UL * 1024 * 1024;

}  // namespace oes
