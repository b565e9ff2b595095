#pragma once
// Lists of facilities and answers of facility series, small.
#include <string>
#include <vector>

#include "model/facility.hpp"
#include "model/request.hpp"

namespace oes::test {

inline facility_unit unit_of(std::string facility, std::string code, std::string fueltech = "wind",
                             std::string region = "NSW1") {
  facility_unit unit;
  unit.facility_code = std::move(facility);
  unit.facility_name = "Name";
  unit.network_code = "NEM";
  unit.network_region = std::move(region);
  unit.unit_code = std::move(code);
  unit.fueltech = std::move(fueltech);
  unit.status = "operating";
  unit.capacity_registered = "10.0";
  unit.data_last_seen = "2026-11-23T10:00:00Z";
  return unit;
}

/// F000 … with one unit each: F000U.
inline facility_list many_facilities(int count) {
  facility_list list;
  for (int i = 0; i < count; ++i) {
    const auto digits = std::to_string(i);
    auto code = std::string(4 - digits.size(), '0');
    code.front() = 'F';
    code += digits;
    list.units.push_back(unit_of(code, code + "U"));
  }
  return list;
}

inline group_identity facility_identity(std::vector<std::string> codes = {"all"}) {
  group_identity id;
  id.from = endpoint::facility;
  id.filter.facility_codes = std::move(codes);
  return id;
}

/// One metric; a series for each unit, all with these points.
inline std::string units_body(const std::string& metric, const std::vector<std::string>& units,
                              const std::vector<std::pair<std::string, std::string>>& points) {
  std::string data;
  for (const auto& [label, value] : points) {
    data.append(data.empty() ? "[\"2026-11-23T" : ",[\"2026-11-23T").append(label);
    data.append(":00+10:00\",").append(value).append("]");
  }
  std::string results;
  for (const auto& unit : units) {
    results.append(results.empty() ? "" : ",").append(R"({"name":"x","columns":{"unit_code":")").append(unit);
    results.append(R"("},"data":[)").append(data).append("]}");
  }
  return R"({"success":true,"data":[{"network_code":"NEM","metric":")" + metric +
         R"(","unit":"MW","interval":"5m","groupings":[],"results":[)" + results + "]}]}";
}

}  // namespace oes::test
