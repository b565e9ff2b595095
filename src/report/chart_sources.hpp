#pragma once
// Which streams the page's charts are drawn from. Pure.
#include <vector>

#include "groups/request_group.hpp"
#include "telemetry/data_chart.hpp"

namespace oes {

/// For each network one stream of generation (metric `power` by fueltech or its group, of all fueltechs) and one of
/// prices (metric `price`), in long form and of at most an hour's interval. Of several: one of the whole network before
/// one of a region; then the shorter interval; then, for generation, groups before fueltechs; then the first by name.
std::vector<chart_source> chart_sources(const std::vector<request_group>& groups);

}  // namespace oes
