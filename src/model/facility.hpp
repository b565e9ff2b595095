#pragma once
// Facilities and their units, as the API lists them (records.md §8).
#include <set>
#include <string>
#include <vector>

#include "model/time.hpp"

namespace oes {

/// One unit with what its facility says of it. Texts as served, numbers too; empty: the API left it out. Dates are the
/// network's wall clock, with an offset that is unreliable (api.md §1); each has a `…_specificity` (day, month,
/// quarter, year) beside it, finer than which it says nothing.
struct facility_unit {
  std::string facility_code;
  std::string facility_name;
  std::string network_code;
  std::string network_region;
  std::string lat;  ///< number
  std::string lng;  ///< number
  std::string description;
  std::string npi_id;      ///< of the National Pollutant Inventory
  std::string osm_way_id;  ///< of OpenStreetMap
  std::string unit_code;
  std::string fueltech;
  std::string status;                ///< operating, committed, commissioning, retired
  std::string capacity_registered;   ///< number, MW
  std::string capacity_maximum;      ///< number, MW
  std::string capacity_storage;      ///< number, MWh
  std::string emissions_factor_co2;  ///< number, t/MWh
  std::string dispatch_type;         ///< GENERATOR, LOAD, BIDIRECTIONAL
  std::string commencement_date;
  std::string commencement_date_specificity;
  std::string closure_date;
  std::string closure_date_specificity;
  std::string expected_operation_date;
  std::string expected_operation_date_specificity;
  std::string expected_closure_date;
  std::string expected_closure_date_specificity;
  std::string construction_start_date;
  std::string construction_start_date_specificity;
  std::string project_approval_date;
  std::string project_approval_date_specificity;
  std::string project_lodgement_date;
  std::string data_first_seen;
  std::string data_last_seen;
  std::string max_generation;  ///< number, MW: the highest that was seen
  std::string max_generation_interval;
  bool operator==(const facility_unit&) const = default;
};

struct facility_list {
  std::vector<facility_unit> units;  ///< sorted by facility and unit code, each pair once
  utc_time received_at{};
  /// Entries that cannot be used (no code, a text that is none): what the API said of them is not known.
  std::size_t left_out = 0;
  std::string left_out_because = {};  ///< of the first of them: `a unit of facility BAYSW has no code`
  /// Whose units those entries may be; empty: of a facility whose code is not known, so anybody's.
  std::set<std::string> left_out_of = {};

  /// A unit that is not listed may be one of those entries.
  [[nodiscard]] bool may_have_left_out(const std::string& facility_code) const {
    return left_out_of.contains("") || left_out_of.contains(facility_code);
  }
};

}  // namespace oes
