#pragma once
// Which labels an answer has of a metric. Pure.
#include <vector>

#include "model/answer.hpp"
#include "schedule/advance.hpp"

namespace oes {

/// Labels of one metric over all its series, from `from` on.
std::vector<seen_label> labels_of(const metric_block& block, network_time from);

}  // namespace oes
