#pragma once
// Outages of hours: a network's table gets nothing for a while; afterwards the labels either arrive at once or never.
#include <optional>

#include "model/network.hpp"
#include "model/time.hpp"
#include "simulator/realism.hpp"

namespace oes::sim {

/// What a row is in: each of the API's tables has delays and outages of its own.
enum class table { data, market };

struct outage {
  network_time begin;
  network_time end;
  bool lost = false;  ///< the labels never arrive, though newer ones do
};

/// The outage that `label` falls into, if any.
std::optional<outage> outage_at(table from, network net, network_time label, const realism& how);

}  // namespace oes::sim
