#pragma once
// The Avro schemas, generated from the table of fields (schema.hpp).
#include <string>
#include <string_view>

#include "records/schema.hpp"

namespace oes {

/// Which records a topic holds: points of any stream, or the list of facilities.
enum class record_kind { point, facility_unit };

/// Map of doubles: metrics that have no column yet. It stands before `value`.
inline constexpr std::string_view extra_values_field = "extra_values";

/// The name of the record: `openelectricity.point`, `openelectricity.facility_unit`.
std::string avro_record_name(record_kind kind);

/// On one line, as it is registered. Without docs: to a registry another word in one would be another schema.
std::string avro_schema(record_kind kind);

/// The same for people: a field a line.
std::string print_avro_schema(record_kind kind);

}  // namespace oes
