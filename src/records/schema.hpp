#pragma once
// The record schema, defined once (records.md §5); every printed form is generated from this table.
#include <span>
#include <string>
#include <string_view>

#include "model/metric.hpp"

namespace oes {

enum class field_type { string, timestamp, number, integer, boolean, string_map };

enum class presence { always, but_in_wide, sometimes };

struct schema_field {
  std::string_view name;
  field_type type;
  presence there;
  bool in_replaced_schema;  ///< one of the 22 columns
  std::string_view note;
};

/// In the order in which a record writes them. Metric columns stand where a record's own metric column stands.
std::span<const schema_field> record_schema();

/// The same of the list of facilities, which has records of another kind (records.md §8).
std::span<const schema_field> facility_list_schema();

/// What the header `schema` says (records.md §2): `openelectricity.network/1`.
std::string schema_name(endpoint from);

enum class schema_format { json_schema, avro, spark_ddl, pyspark, markdown };
/// `replaced_only`: the 22 columns in the replaced source's order.
std::string print_schema(schema_format format, bool replaced_only);
std::string print_facility_list_schema(schema_format format);

}  // namespace oes
