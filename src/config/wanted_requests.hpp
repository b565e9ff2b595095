#pragma once
// How many requests a day streams want at the live edge. Pure.
#include <cstddef>
#include <vector>

#include "model/stream.hpp"

namespace oes {

/// What the daemon's request groups want of a day.
struct wanted_requests {
  std::size_t groups = 0;
  double a_day = 0;
};

wanted_requests count_requests(const std::vector<stream_spec>& streams);

}  // namespace oes
