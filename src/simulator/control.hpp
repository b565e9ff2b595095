#pragma once
// The simulator's own endpoints below /_sim/: faults, units, time, the Date header, stats, oracle. No key, no faults,
// no limits.
#include <string>

#include "simulator/api.hpp"
#include "simulator/faults.hpp"
#include "simulator/served_log.hpp"

namespace oes::sim {

/// Everything but /_sim/oracle/values, which the server computes on its pool.
reply control_reply(const question& q, const std::string& body, api& a, fault_desk& faults, const served_log& served);

}  // namespace oes::sim
