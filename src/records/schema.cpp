#include "records/schema.hpp"

#include <array>

namespace oes {
namespace {

constexpr schema_field base(std::string_view name, field_type type, presence there, std::string_view note) {
  return {name, type, there, true, note};
}
constexpr schema_field column(std::string_view name, std::string_view note) {
  return {name, field_type::number, presence::sometimes, true, note};
}
constexpr schema_field newer_column(std::string_view name, std::string_view note) {
  return {name, field_type::number, presence::sometimes, false, note};
}
constexpr schema_field added(std::string_view name, field_type type, presence there, std::string_view note) {
  return {name, type, there, false, note};
}

constexpr auto fields = std::to_array<schema_field>({
    base("interval", field_type::timestamp, presence::always,
         "the API's label, network-local with offset; key of the point"),
    base("network_code", field_type::string, presence::always, "NEM, WEM, AU"),
    base("metric", field_type::string, presence::but_in_wide,
         "name of the metric, and of the one metric column that is set"),
    base("unit", field_type::string, presence::but_in_wide, "as the API states it"),
    base("fueltech_group", field_type::string, presence::sometimes, "from the labels, or from the fueltech"),
    base("network_region", field_type::string, presence::sometimes, "NSW1, QLD1, …; do not expect a fixed list"),
    base("unit_code", field_type::string, presence::sometimes, "facility series"),
    column("power", "MW"),
    column("energy", "MWh"),
    column("emissions", "t"),
    column("market_value", "$"),
    column("renewable_proportion", "%"),
    column("storage_battery", "MWh"),
    column("price", "$/MWh"),
    column("demand", "MW"),
    column("demand_energy", "MWh"),
    column("curtailment", "MW"),
    column("curtailment_energy", "MWh"),
    column("curtailment_solar_utility", "MW"),
    column("curtailment_solar_utility_energy", "MWh"),
    column("curtailment_wind", "MW"),
    column("curtailment_wind_energy", "MWh"),
    newer_column("renewable_with_storage_proportion", "%"),
    newer_column("demand_gross", "MW"),
    newer_column("demand_gross_energy", "MWh"),
    newer_column("generation_renewable", "MW"),
    newer_column("generation_renewable_energy", "MWh"),
    newer_column("generation_renewable_with_storage", "MW"),
    newer_column("generation_renewable_with_storage_energy", "MWh"),
    newer_column("flow_imports", "MW"),
    newer_column("flow_exports", "MW"),
    newer_column("flow_imports_energy", "MWh"),
    newer_column("flow_exports_energy", "MWh"),
    added("value", field_type::number, presence::but_in_wide,
          "the metric column's number again; null: no data (not 0)"),
    added("interval_size", field_type::string, presence::always, "5m, 1h, 1d, 7d, 1M, 3M, season, 1y, fy"),
    added("interval_start", field_type::timestamp, presence::sometimes,
          "UTC, derived; left out where the label does not tell"),
    added("interval_end", field_type::timestamp, presence::sometimes,
          "UTC, derived; left out where the label does not tell"),
    added("fueltech", field_type::string, presence::sometimes, "with secondary grouping fueltech"),
    added("status", field_type::string, presence::sometimes, "with secondary grouping status"),
    added("facility_code", field_type::string, presence::sometimes, "facility series: by the list of facilities"),
    added("renewable", field_type::boolean, presence::sometimes, "with secondary grouping renewable"),
    added("stream", field_type::string, presence::always, "name of the configured stream"),
    added("grouping", field_type::string, presence::always, "network_region/fueltech, total, …"),
    added("revision", field_type::integer, presence::always,
          "0 the first time a point is published, +1 for each change"),
    added("version", field_type::integer, presence::always,
          "strictly rising: the newest value of a key has the highest"),
    added("provisional", field_type::boolean, presence::sometimes,
          "only from streams with edge: provisional: whether the answer had it at its unsettled end"),
    added("backfill", field_type::boolean, presence::sometimes, "written only when true"),
    added("fetched_at", field_type::timestamp, presence::always, "UTC, when the answer arrived"),
    added("extra", field_type::string_map, presence::sometimes, "labels that the daemon does not know"),
});

constexpr auto facility_fields = std::to_array<schema_field>({
    added("facility_code", field_type::string, presence::always, "with unit_code the key"),
    added("facility_name", field_type::string, presence::sometimes, ""),
    added("network_code", field_type::string, presence::sometimes, "NEM, WEM, and what else the API lists"),
    added("network_region", field_type::string, presence::sometimes, ""),
    added("lat", field_type::number, presence::sometimes, "degrees"),
    added("lng", field_type::number, presence::sometimes, "degrees"),
    added("description", field_type::string, presence::sometimes, "of the facility"),
    added("npi_id", field_type::string, presence::sometimes, "in the National Pollutant Inventory"),
    added("osm_way_id", field_type::string, presence::sometimes, "in OpenStreetMap"),
    added("unit_code", field_type::string, presence::always, "as in facility series"),
    added("fueltech", field_type::string, presence::sometimes, ""),
    added("fueltech_group", field_type::string, presence::sometimes, "from the fueltech"),
    added("status", field_type::string, presence::sometimes, "operating, committed, commissioning, retired"),
    added("capacity_registered", field_type::number, presence::sometimes, "MW"),
    added("capacity_maximum", field_type::number, presence::sometimes, "MW"),
    added("capacity_storage", field_type::number, presence::sometimes, "MWh, of batteries"),
    added("emissions_factor_co2", field_type::number, presence::sometimes, "t/MWh"),
    added("dispatch_type", field_type::string, presence::sometimes, "GENERATOR, LOAD, BIDIRECTIONAL"),
    added("commencement_date", field_type::string, presence::sometimes, "as served: its offset is unreliable"),
    added("commencement_date_specificity", field_type::string, presence::sometimes,
          "day, month, quarter or year: the date says nothing finer"),
    added("closure_date", field_type::string, presence::sometimes, "as served"),
    added("closure_date_specificity", field_type::string, presence::sometimes, ""),
    added("expected_operation_date", field_type::string, presence::sometimes, "as served"),
    added("expected_operation_date_specificity", field_type::string, presence::sometimes, ""),
    added("expected_closure_date", field_type::string, presence::sometimes, "as served"),
    added("expected_closure_date_specificity", field_type::string, presence::sometimes, ""),
    added("construction_start_date", field_type::string, presence::sometimes, "as served"),
    added("construction_start_date_specificity", field_type::string, presence::sometimes, ""),
    added("project_approval_date", field_type::string, presence::sometimes, "as served"),
    added("project_approval_date_specificity", field_type::string, presence::sometimes, ""),
    added("project_lodgement_date", field_type::string, presence::sometimes, "as served"),
    added("data_first_seen", field_type::string, presence::sometimes, "as served: its offset is unreliable"),
    added("data_last_seen", field_type::string, presence::sometimes,
          "as served when the record was made; that it moves on publishes nothing"),
    added("max_generation", field_type::number, presence::sometimes, "MW, the highest that was seen; likewise"),
    added("max_generation_interval", field_type::string, presence::sometimes, "when; likewise"),
    added("fetched_at", field_type::timestamp, presence::always, "UTC, when the list arrived"),
    added("version", field_type::integer, presence::always, "strictly rising: the newest of a unit has the highest"),
});

}  // namespace

std::span<const schema_field> record_schema() { return fields; }

std::span<const schema_field> facility_list_schema() { return facility_fields; }

std::string schema_name(endpoint from) { return "openelectricity." + std::string(dataset(from)) + "/1"; }

}  // namespace oes
