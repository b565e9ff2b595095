#pragma once
// What a read_committed reader finds at the end, held against what the API served.
#include <string>
#include <vector>

#include "simulation/api/served_world.hpp"
#include "simulation/kafka/cluster.hpp"

namespace oes::simulation {

struct wanted_points {
  std::string topic;
  std::string metric;
  network_time first;     ///< label
  network_time complete;  ///< labels before it must be there, with their newest value
  utc_time served_until;  ///< values that came later need not be there yet
};

struct check_report {
  std::vector<std::string> violations;
  std::size_t records = 0;
  std::size_t points = 0;
};

check_report check_topics(cluster& kafka, const served_world& api, const std::vector<wanted_points>& wanted);

}  // namespace oes::simulation
