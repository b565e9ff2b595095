#include "records/fueltech_groups.hpp"

#include <array>
#include <utility>

namespace oes {
namespace {

constexpr auto groups = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"coal_black", "coal"},
    {"coal_brown", "coal"},
    {"gas_ccgt", "gas"},
    {"gas_ocgt", "gas"},
    {"gas_recip", "gas"},
    {"gas_steam", "gas"},
    {"gas_wcmg", "gas"},
    {"solar_utility", "solar"},
    {"solar_rooftop", "solar"},
    {"solar_thermal", "solar"},
    {"wind", "wind"},
    {"wind_offshore", "wind"},
    {"hydro", "hydro"},
    {"hydro_and_storage", "hydro"},
    {"bioenergy_biogas", "bioenergy"},
    {"bioenergy_biomass", "bioenergy"},
    {"battery", "battery"},
    {"battery_charging", "battery_charging"},
    {"battery_discharging", "battery_discharging"},
    {"distillate", "distillate"},
    {"pumps", "pumps"},
});

}  // namespace

std::string_view fueltech_group(std::string_view fueltech) {
  for (const auto& [member, group] : groups) {
    if (member == fueltech) return group;
  }
  return {};
}

}  // namespace oes
