#pragma once
// How many requests a day streams want at the live edge. Pure.
#include <cstddef>
#include <vector>

#include "model/plan_limits.hpp"
#include "model/stream.hpp"

namespace oes {

/// What the daemon's request groups want of a day.
struct wanted_requests {
  std::size_t groups = 0;
  double a_day = 0;
};

wanted_requests count_requests(const std::vector<stream_spec>& streams, const plan_limits& limits);

/// How many one poll of a stream takes together: of facility series about as many as they have batches.
int requests_of_a_poll(const stream_spec& stream);

}  // namespace oes
