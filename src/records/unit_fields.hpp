#pragma once
// Which member of a unit is which field of its record, in the order of the list's schema.
#include <array>
#include <string>
#include <string_view>

#include "model/facility.hpp"

namespace oes {

struct unit_field {
  std::string_view name;
  std::string facility_unit::*value;
  bool number = false;
};

inline constexpr auto place_fields = std::to_array<unit_field>({
    {"facility_code", &facility_unit::facility_code},
    {"facility_name", &facility_unit::facility_name},
    {"network_code", &facility_unit::network_code},
    {"network_region", &facility_unit::network_region},
    {"lat", &facility_unit::lat, true},
    {"lng", &facility_unit::lng, true},
    {"description", &facility_unit::description},
    {"npi_id", &facility_unit::npi_id},
    {"osm_way_id", &facility_unit::osm_way_id},
    {"unit_code", &facility_unit::unit_code},
    {"fueltech", &facility_unit::fueltech},
});
/// Behind the fueltech's group, which is made of the fueltech.
inline constexpr auto unit_fields = std::to_array<unit_field>({
    {"status", &facility_unit::status},
    {"capacity_registered", &facility_unit::capacity_registered, true},
    {"capacity_maximum", &facility_unit::capacity_maximum, true},
    {"capacity_storage", &facility_unit::capacity_storage, true},
    {"emissions_factor_co2", &facility_unit::emissions_factor_co2, true},
    {"dispatch_type", &facility_unit::dispatch_type},
    {"commencement_date", &facility_unit::commencement_date},
    {"commencement_date_specificity", &facility_unit::commencement_date_specificity},
    {"closure_date", &facility_unit::closure_date},
    {"closure_date_specificity", &facility_unit::closure_date_specificity},
    {"expected_operation_date", &facility_unit::expected_operation_date},
    {"expected_operation_date_specificity", &facility_unit::expected_operation_date_specificity},
    {"expected_closure_date", &facility_unit::expected_closure_date},
    {"expected_closure_date_specificity", &facility_unit::expected_closure_date_specificity},
    {"construction_start_date", &facility_unit::construction_start_date},
    {"construction_start_date_specificity", &facility_unit::construction_start_date_specificity},
    {"project_approval_date", &facility_unit::project_approval_date},
    {"project_approval_date_specificity", &facility_unit::project_approval_date_specificity},
    {"project_lodgement_date", &facility_unit::project_lodgement_date},
    {"data_first_seen", &facility_unit::data_first_seen},
});
/// They move with the unit's data, and nothing of the unit has changed by that.
inline constexpr auto moving_fields = std::to_array<unit_field>({
    {"data_last_seen", &facility_unit::data_last_seen},
    {"max_generation", &facility_unit::max_generation, true},
    {"max_generation_interval", &facility_unit::max_generation_interval},
});

}  // namespace oes
