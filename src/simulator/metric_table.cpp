#include "simulator/metric_table.hpp"

#include "simulator/values.hpp"

namespace oes::sim {
namespace {

constexpr std::size_t at(unit_column column) { return static_cast<std::size_t>(column); }
constexpr std::size_t at(market_column column) { return static_cast<std::size_t>(column); }

// Names, units and descriptions as GET /metrics answers them.
constexpr auto entries = std::to_array<metric_entry>({
    metric_entry{"power", "MW", "Power output/consumption", "avg", 3,
                 metric_plan{table::data, fold::average, at(unit_column::generated)}},
    metric_entry{"energy", "MWh", "Energy generated/consumed", "sum", 3,
                 metric_plan{table::data, fold::sum, at(unit_column::energy)}},
    metric_entry{"price", "$/MWh", "Price per unit of energy", "avg", 2,
                 metric_plan{table::market, fold::row_mean, at(market_column::price)}},
    metric_entry{"market_value", "$", "Total market value", "sum", 2,
                 metric_plan{table::data, fold::sum, at(unit_column::market_value)}},
    metric_entry{"demand", "MW", "Demand generation", "avg", 3,
                 metric_plan{table::market, fold::average, at(market_column::demand)}},
    metric_entry{"demand_energy", "MWh", "Demand generation energy", "sum", 3,
                 metric_plan{table::market, fold::sum, at(market_column::demand_energy)}},
    metric_entry{"demand_gross", "MW", "Total demand including rooftop solar", "sum", 3,
                 metric_plan{table::market, fold::average, at(market_column::demand_gross)}},
    metric_entry{"demand_gross_energy", "MWh", "Total demand energy including rooftop solar", "sum", 3,
                 metric_plan{table::market, fold::sum, at(market_column::demand_gross_energy)}},
    metric_entry{"generation_renewable", "MW", "Total renewable generation including rooftop solar", "sum", 3,
                 metric_plan{table::market, fold::average, at(market_column::generation_renewable)}},
    metric_entry{"generation_renewable_energy", "MWh", "Total renewable energy including rooftop solar", "sum", 3,
                 metric_plan{table::market, fold::sum, at(market_column::generation_renewable_energy)}},
    metric_entry{"curtailment", "MW", "Energy curtailment", "avg", 3,
                 metric_plan{table::market, fold::average, at(market_column::curtailment_total)}},
    metric_entry{"curtailment_energy", "MWh", "Energy curtailment", "sum", 3,
                 metric_plan{table::market, fold::sum, at(market_column::curtailment_energy_total)}},
    metric_entry{"curtailment_solar_utility", "MW", "Utility solar energy curtailment", "avg", 3,
                 metric_plan{table::market, fold::average, at(market_column::curtailment_solar_total)}},
    metric_entry{"curtailment_solar_utility_energy", "MWh", "Utility solar energy curtailment", "sum", 3,
                 metric_plan{table::market, fold::sum, at(market_column::curtailment_energy_solar_total)}},
    metric_entry{"curtailment_wind", "MW", "Wind energy curtailment", "avg", 3,
                 metric_plan{table::market, fold::average, at(market_column::curtailment_wind_total)}},
    metric_entry{"curtailment_wind_energy", "MWh", "Wind energy curtailment", "sum", 3,
                 metric_plan{table::market, fold::sum, at(market_column::curtailment_energy_wind_total)}},
    metric_entry{"emissions", "t", "CO2 equivalent emissions", "sum", 3,
                 metric_plan{table::data, fold::sum, at(unit_column::emissions)}},
    metric_entry{"renewable_proportion", "%", "Percentage of renewable energy", "avg", 2,
                 metric_plan{table::market, fold::ratio, at(market_column::generation_renewable),
                             at(market_column::demand_gross)}},
    metric_entry{"pollution", "", "", "", 0, std::nullopt},
    metric_entry{"storage_battery", "MWh", "Battery storage level", "avg", 3,
                 metric_plan{table::data, fold::row_mean, at(unit_column::energy_storage)}},
    metric_entry{"generation_renewable_with_storage", "MW",
                 "Total renewable generation including storage (battery discharge, pumps) and TUMUT3", "sum", 3,
                 metric_plan{table::market, fold::average, at(market_column::generation_renewable_with_storage)}},
    metric_entry{"generation_renewable_with_storage_energy", "MWh",
                 "Total renewable energy including storage (battery discharge, pumps) and TUMUT3", "sum", 3,
                 metric_plan{table::market, fold::sum, at(market_column::generation_renewable_with_storage_energy)}},
    metric_entry{"renewable_with_storage_proportion", "%", "Percentage of renewable energy including storage", "avg", 2,
                 metric_plan{table::market, fold::ratio, at(market_column::generation_renewable_with_storage),
                             at(market_column::demand_gross)}},
    metric_entry{"flow_imports", "MW", "Interconnector power imports", "sum", 3,
                 metric_plan{table::market, fold::average, at(market_column::energy_imports), 0, 12}},
    metric_entry{"flow_exports", "MW", "Interconnector power exports", "sum", 3,
                 metric_plan{table::market, fold::average, at(market_column::energy_exports), 0, 12}},
    metric_entry{"flow_imports_energy", "MWh", "Interconnector energy imports", "sum", 3,
                 metric_plan{table::market, fold::sum, at(market_column::energy_imports)}},
    metric_entry{"flow_exports_energy", "MWh", "Interconnector energy exports", "sum", 3,
                 metric_plan{table::market, fold::sum, at(market_column::energy_exports)}},
});

constexpr auto listed = std::to_array<std::string_view>({
    "power",
    "energy",
    "price",
    "market_value",
    "demand",
    "demand_energy",
    "demand_gross",
    "demand_gross_energy",
    "generation_renewable",
    "generation_renewable_energy",
    "generation_renewable_with_storage",
    "generation_renewable_with_storage_energy",
    "renewable_with_storage_proportion",
    "emissions",
    "renewable_proportion",
    "curtailment",
    "curtailment_energy",
    "curtailment_solar_utility",
    "curtailment_solar_utility_energy",
    "curtailment_wind",
    "curtailment_wind_energy",
    "storage_battery",
    "flow_imports",
    "flow_exports",
    "flow_imports_energy",
    "flow_exports_energy",
});

}  // namespace

std::span<const metric_entry> metric_entries() { return entries; }

const metric_entry* find_metric_entry(std::string_view name) {
  for (const auto& entry : entries) {
    if (entry.name == name) return &entry;
  }
  return nullptr;
}

std::span<const std::string_view> listed_metrics() { return listed; }

bool supports(table from, const metric_entry& metric) { return metric.plan && metric.plan->from == from; }

}  // namespace oes::sim
