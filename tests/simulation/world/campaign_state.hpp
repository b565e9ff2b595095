#pragma once
// A campaign's sums as a text file.
#include <string>

#include "simulation/world/campaign.hpp"

namespace oes::simulation {

/// false: there is no such file. Ends the process where it cannot be understood.
bool read_state(const std::string& path, campaign_sums& sums);
void write_state(const std::string& path, const campaign_sums& sums);

/// For people: the sums, and how many state pairs were new.
std::string report_of(const campaign_sums& sums, double seconds, std::uint64_t played_now);

}  // namespace oes::simulation
