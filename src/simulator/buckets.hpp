#pragma once
// The API's buckets with the labels it gives them, oddities of season and fy included (api.md §4).
#include <vector>

#include "model/interval.hpp"
#include "model/time.hpp"

namespace oes::sim {

/// Label of the bucket that holds `t`.
network_time bucket_label(network_time t, interval_size size);
/// Every label from `first` to `last`, both included: what gaps are filled by.
std::vector<network_time> labels_between(network_time first, network_time last, interval_size size);

}  // namespace oes::sim
