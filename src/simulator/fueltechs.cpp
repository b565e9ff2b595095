#include <array>

#include "simulator/world.hpp"

namespace oes::sim {
namespace {

// Codes, labels and flags as GET /fueltechs answers them, in its order and with its spelling.
constexpr auto known_fueltechs = std::to_array<fueltech_info>({
    {"battery_charging", "Battery (Charging)", "battery_charging", false, 0.0},
    {"battery_discharging", "Battery (Discharging)", "battery_discharging", false, 0.0},
    {"bioenergy_biogas", "Biogas", "bioenergy", true, 0.0544},
    {"bioenergy_biomass", "Biomass", "bioenergy", true, 0.0201},
    {"coal_black", "Coal (Black)", "coal", false, 0.912643},
    {"coal_brown", "Coal (Brown)", "coal", false, 1.204511},
    {"distillate", "Distillate", "distillate", false, 0.873921},
    {"gas_ccgt", "Gas (CCGT)", "gas", false, 0.391754},
    {"gas_ocgt", "Gas (OCGT)", "gas", false, 0.612347},
    {"gas_recip", "Gas (Reciprocating)", "gas", false, 0.527113},
    {"gas_steam", "Gas (Steam)", "gas", false, 0.578002},
    {"gas_wcmg", "Gas (Coal Mine Waste)", "gas", false, 0.560025},
    {"hydro", "Hyrdo", "hydro", true, 0.0},
    {"hydro_and_storage", "Hydro and Storage", "hydro", true, 0.0},
    {"pumps", "Pumps", "pumps", false, 0.0},
    {"solar_utility", "Solar (Utility)", "solar", true, 0.0},
    {"solar_thermal", "Solar (Thermal)", "solar", true, 0.0},
    {"solar_rooftop", "Solar (Rooftop)", "solar", true, 0.0},
    {"wind", "Wind", "wind", true, 0.0},
    {"wind_offshore", "Offshore Wind", "wind", true, 0.0},
    {"aggregator_vpp", "Aggregator (VPP)", "", true, 0.0},
    {"aggregator_dr", "Aggregator (Demand / Response)", "", true, 0.0},
    {"nuclear", "Nuclear", "", false, 0.0},
    {"imports", "Network Import", "", false, 0.0},
    {"exports", "Network Export", "", false, 0.0},
    {"interconnector", "Interconnector", "", false, 0.0},
    {"battery", "Battery", "battery", false, 0.0},
});

}  // namespace

std::span<const fueltech_info> all_fueltechs() { return known_fueltechs; }

const fueltech_info* find_fueltech(std::string_view code) {
  for (const auto& fueltech : known_fueltechs) {
    if (fueltech.code == code) return &fueltech;
  }
  return nullptr;
}

}  // namespace oes::sim
