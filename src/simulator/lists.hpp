#pragma once
// Answers that are lists of what there is: metrics, networks, fueltechs, plans, facilities, and the caller's own plan.
#include <optional>
#include <string>

#include "model/time.hpp"
#include "simulator/gate.hpp"
#include "simulator/validation.hpp"
#include "simulator/world.hpp"

namespace oes::sim {

std::string metrics_json();
std::string networks_json();
std::string fueltechs_json();
std::string plans_json();
std::string me_json(const caller& who, const key_status& status, utc_time now);
/// nullopt: nothing matches (404).
std::optional<std::string> facilities_json(const world& w, const facility_filter& filter, utc_time now);
/// The 404's text.
std::string no_facilities_text(const facility_filter& filter);

}  // namespace oes::sim
