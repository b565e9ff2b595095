#pragma once
// Which group a fueltech belongs to (records.md §1).
#include <string_view>

namespace oes {

/// Empty for fueltechs without a group.
std::string_view fueltech_group(std::string_view fueltech);

}  // namespace oes
