#pragma once
// What a read_committed reader finds of the list of facilities, against what the API listed.
#include <string>
#include <vector>

#include "model/time.hpp"
#include "simulation/api/served_facilities.hpp"
#include "simulation/kafka/cluster.hpp"

namespace oes::simulation {

struct unit_question {
  const cluster& kafka;
  const served_facilities& api;
  std::string topic;
  utc_time since;   ///< what the API has listed from then on has been read
  utc_time until;   ///< the API's time now
  bool tombstones;  ///< for units that are gone
  bool repeats;     ///< are allowed
};

std::vector<std::string> check_units(const unit_question& q);

}  // namespace oes::simulation
