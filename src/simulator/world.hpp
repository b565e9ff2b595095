#pragma once
// What there is: regions, fueltechs, facilities and their units. Fixed for the simulator's life, but for notes.
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/network.hpp"
#include "model/time.hpp"

namespace oes::sim {

struct fueltech_info {
  std::string_view code;
  std::string_view label;
  std::string_view group;  ///< records.md §1; empty: none
  bool renewable;
  double emissions_factor;  ///< t CO2 per MWh
};

/// All fueltechs in the order in which the API lists them.
std::span<const fueltech_info> all_fueltechs();
const fueltech_info* find_fueltech(std::string_view code);

struct unit_info {
  std::string code;
  std::string facility;
  double capacity = 0;     ///< MW
  std::uint64_t identity;  ///< what its values are drawn for
  bool retired = false;    ///< listed, but without data
};

/// The units of one fueltech in one region: they arrive, are revised and fall out together.
struct cell {
  network net = network::nem;  ///< nem or wem
  std::string region;
  const fueltech_info* fueltech = nullptr;
  std::uint64_t identity = 0;
  std::uint64_t region_identity = 0;
  std::vector<unit_info> units;
  [[nodiscard]] bool rooftop() const { return fueltech->code == "solar_rooftop"; }
};

struct region_info {
  network net = network::nem;
  std::string code;
  std::uint64_t identity = 0;
  double demand = 0;  ///< typical, MW
};

struct facility_info {
  std::string code;
  std::string name;
  network net = network::nem;
  std::string region;
  double latitude = 0;
  double longitude = 0;
};

/// What the list of facilities says of a unit instead (tests): only the list, not the data.
struct unit_note {
  std::string status;  ///< empty: as it is
  bool listed = true;
};

struct world {
  std::vector<region_info> regions;
  std::vector<cell> cells;  ///< sorted by network, region, fueltech
  std::vector<facility_info> facilities;
  network_time history_start;              ///< no row has an earlier label
  std::map<std::string, unit_note> notes;  ///< by unit code
  bool fixed = false;                      ///< the benchmark's world: 50 series with every metric
};

/// A world shaped like the real one: 61 series of region and fueltech in the NEM, 10 in the WEM. Each has a facility of
/// one or two units beside the named ones, or more: with 6 the NEM has about as many units as the real one.
world make_world(network_time history_start, int facilities_per_fueltech = 1);
/// The benchmark's world: NEM only, 5 regions × 10 fueltechs, every data metric present at every point.
world make_fixed_world(network_time history_start);

}  // namespace oes::sim
