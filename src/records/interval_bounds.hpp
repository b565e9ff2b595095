#pragma once
// What period a label means (records.md §1, api.md §4): NEM's 5m labels are period ends, WEM's are starts.
#include <optional>

#include "model/interval.hpp"
#include "model/network.hpp"
#include "model/time.hpp"

namespace oes {

struct interval_bounds {
  utc_time start;
  utc_time end;
};

/// nullopt where the label does not tell: season, fy, AU, and WEM 5m before 2023-10-01 (30-minute data).
std::optional<interval_bounds> bounds_of(network_time label, network net, interval_size size);

}  // namespace oes
