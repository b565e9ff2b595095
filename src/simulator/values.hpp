#pragma once
// What rows say: a pure function of (seed, unit or region, label, version).
#include <array>
#include <cstddef>
#include <cstdint>

#include "model/time.hpp"
#include "simulator/availability.hpp"
#include "simulator/world.hpp"

namespace oes::sim {

/// Stored columns. NaN stands for SQL's NULL.
enum class unit_column : std::size_t { generated, energy, energy_storage, emissions, market_value, count };
enum class market_column : std::size_t {
  price,
  demand,
  demand_energy,
  demand_gross,
  demand_gross_energy,
  generation_renewable,
  generation_renewable_energy,
  generation_renewable_with_storage,
  generation_renewable_with_storage_energy,
  curtailment_total,
  curtailment_energy_total,
  curtailment_solar_total,
  curtailment_energy_solar_total,
  curtailment_wind_total,
  curtailment_energy_wind_total,
  energy_imports,
  energy_exports,
  count
};

using unit_row = std::array<double, static_cast<std::size_t>(unit_column::count)>;
using market_row = std::array<double, static_cast<std::size_t>(market_column::count)>;

unit_row unit_values(const cell& c, const unit_info& unit, network_time label, const row_state& state,
                     std::uint64_t seed, bool storage_everywhere);
market_row market_values(const region_info& region, network_time label, const row_state& state, std::uint64_t seed);

}  // namespace oes::sim
