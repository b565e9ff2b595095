#include "model/metric.hpp"

#include <algorithm>
#include <array>

namespace oes {
namespace {

// New ones go after the last of their endpoint: ledgers hold a wide record's columns by their place there
// (model/column_set.cpp), which has room for 21 of them.
constexpr auto table = std::to_array<metric_info>({
    {"power", endpoint::data, "MW", true},
    {"energy", endpoint::data, "MWh", true},
    {"emissions", endpoint::data, "t", true},
    {"market_value", endpoint::data, "$", true},
    {"storage_battery", endpoint::data, "MWh", true},
    {"renewable_proportion", endpoint::market, "%", true},
    {"price", endpoint::market, "$/MWh", true},
    {"demand", endpoint::market, "MW", true},
    {"demand_energy", endpoint::market, "MWh", true},
    {"curtailment", endpoint::market, "MW", true},
    {"curtailment_energy", endpoint::market, "MWh", true},
    {"curtailment_solar_utility", endpoint::market, "MW", true},
    {"curtailment_solar_utility_energy", endpoint::market, "MWh", true},
    {"curtailment_wind", endpoint::market, "MW", true},
    {"curtailment_wind_energy", endpoint::market, "MWh", true},
    {"renewable_with_storage_proportion", endpoint::market, "%", false},
    {"demand_gross", endpoint::market, "MW", false},
    {"demand_gross_energy", endpoint::market, "MWh", false},
    {"generation_renewable", endpoint::market, "MW", false},
    {"generation_renewable_energy", endpoint::market, "MWh", false},
    {"generation_renewable_with_storage", endpoint::market, "MW", false},
    {"generation_renewable_with_storage_energy", endpoint::market, "MWh", false},
    {"flow_imports", endpoint::market, "MW", false},
    {"flow_exports", endpoint::market, "MW", false},
    {"flow_imports_energy", endpoint::market, "MWh", false},
    {"flow_exports_energy", endpoint::market, "MWh", false},
});

// The fields of a record that are no metric's column (records.md §1).
constexpr auto other_fields = std::to_array<std::string_view>(
    {"interval",  "network_code",  "metric",        "unit",           "fueltech_group", "network_region",
     "unit_code", "value",         "interval_size", "interval_start", "interval_end",   "fueltech",
     "status",    "facility_code", "renewable",     "stream",         "grouping",       "revision",
     "version",   "provisional",   "backfill",      "fetched_at",     "extra"});

constexpr std::size_t longest_name = 64;

bool is_letter(char c) { return c >= 'a' && c <= 'z'; }

}  // namespace

std::string_view dataset(endpoint e) {
  switch (e) {
    case endpoint::data:
      return "network";
    case endpoint::market:
      return "market";
    case endpoint::facility:
      return "facility";
    case endpoint::facilities:
      return "facilities";
  }
  return "";
}

std::span<const metric_info> known_metrics() { return table; }

std::optional<metric_info> find_metric(std::string_view name) {
  for (const auto& metric : table) {
    if (metric.name == name) return metric;
  }
  return std::nullopt;
}

bool may_be_metric(std::string_view name) {
  if (name.empty() || name.size() > longest_name || !is_letter(name.front())) return false;
  const bool plain =
      std::all_of(name.begin(), name.end(), [](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '_'; });
  return plain && std::find(other_fields.begin(), other_fields.end(), name) == other_fields.end();
}

}  // namespace oes
