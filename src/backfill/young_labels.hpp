#pragma once
// Labels so young that the feed may not have filled them yet: beside the live stream none is taken that nothing shows
// to be whole, for nobody reads it again there. Pure.
#include <chrono>
#include <vector>

#include "groups/request_group.hpp"
#include "model/range_set.hpp"
#include "schedule/advance.hpp"

namespace oes {

/// Where a request ends, and when it was answered.
struct young_edge {
  network_time asked_until;  ///< the window's end, or behind the label that follows on it
  network_time now;
  std::chrono::seconds hole_after{};
};

/// The window's last label is so young that only data behind it show that it is whole.
bool wants_label_behind(const request_group& group, time_range window, network_time now,
                        std::chrono::seconds hole_after);

/// Behind the last label of the window that is whole: there are data behind it, or it has been over for so long that
/// nothing comes any more; of 5m, which the API serves while it is still being filled, for `hole_after`. And it is not
/// held back (`publish_after`).
network_time whole_until(const request_group& group, time_range window, const std::vector<seen_label>& seen,
                         const young_edge& edge);

}  // namespace oes
