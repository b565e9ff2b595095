#pragma once
// A record of the list of facilities in Avro's binary encoding.
#include <cstdint>
#include <string>

#include "model/facility.hpp"

namespace oes {

/// Frame and value.
std::string avro_unit(const facility_unit& unit, utc_time fetched_at, std::int64_t version, std::int32_t schema_id);

/// Numbers as the doubles that readers get: another spelling, or digits beyond those, change nothing.
facility_list with_doubles(facility_list list);

}  // namespace oes
