// The printed forms of the schema table.
#include <vector>

#include "records/avro_schema.hpp"
#include "records/json_text.hpp"
#include "records/schema.hpp"

namespace oes {
namespace {

using field_list = std::vector<schema_field>;

std::string_view spark_type(field_type type) {
  switch (type) {
    case field_type::string:
      return "STRING";
    case field_type::timestamp:
      return "TIMESTAMP";
    case field_type::number:
      return "DOUBLE";
    case field_type::integer:
      return "BIGINT";
    case field_type::boolean:
      return "BOOLEAN";
    case field_type::string_map:
      return "MAP<STRING, STRING>";
  }
  return "";
}

std::string_view pyspark_type(field_type type) {
  switch (type) {
    case field_type::string:
      return "StringType()";
    case field_type::timestamp:
      return "TimestampType()";
    case field_type::number:
      return "DoubleType()";
    case field_type::integer:
      return "LongType()";
    case field_type::boolean:
      return "BooleanType()";
    case field_type::string_map:
      return "MapType(StringType(), StringType())";
  }
  return "";
}

std::string_view plain_type(field_type type) {
  switch (type) {
    case field_type::string:
      return "string";
    case field_type::timestamp:
      return "timestamp";
    case field_type::number:
      return "double";
    case field_type::integer:
      return "integer";
    case field_type::boolean:
      return "boolean";
    case field_type::string_map:
      return "map of strings";
  }
  return "";
}

std::string_view json_type(const schema_field& field) {
  switch (field.type) {
    case field_type::string:
      return R"("type": "string")";
    case field_type::timestamp:
      return R"("type": "string", "format": "date-time")";
    case field_type::number:
      // `value` alone is written when there is no data.
      return field.there != presence::sometimes ? R"("type": ["number", "null"])" : R"("type": "number")";
    case field_type::integer:
      return R"("type": "integer")";
    case field_type::boolean:
      return R"("type": "boolean")";
    case field_type::string_map:
      return R"("type": "object", "additionalProperties": {"type": "string"})";
  }
  return "";
}

std::string_view presence_text(presence there) {
  switch (there) {
    case presence::always:
      return "yes";
    case presence::but_in_wide:
      return "but in wide";
    case presence::sometimes:
      return "";
  }
  return "";
}

std::string json_schema(const field_list& fields, std::string_view title) {
  std::string properties;
  std::string required;
  for (const auto& field : fields) {
    properties += properties.empty() ? "\n    " : ",\n    ";
    append_json_string(properties, field.name);
    properties.append(": {").append(json_type(field)).append(", \"description\": ");
    append_json_string(properties, field.note);
    properties += '}';
    if (field.there != presence::always) continue;
    if (!required.empty()) required += ", ";
    append_json_string(required, field.name);
  }
  return "{\n  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n  \"title\": \"" + std::string(title) +
         "\",\n  \"type\": \"object\",\n  \"properties\": {" + properties + "\n  },\n  \"required\": [" + required +
         "],\n  \"additionalProperties\": true\n}\n";
}

// Quoted, since INTERVAL and others are words of Spark SQL.
std::string spark_ddl(const field_list& fields) {
  std::string out;
  for (const auto& field : fields) {
    if (!out.empty()) out += ",\n";
    out.append("`").append(field.name).append("` ").append(spark_type(field.type));
  }
  return out + "\n";
}

std::string pyspark(const field_list& fields) {
  std::string out =
      "from pyspark.sql.types import (BooleanType, DoubleType, LongType, MapType, StringType, StructField,\n"
      "                               StructType, TimestampType)\n\nschema = StructType([\n";
  for (const auto& field : fields) {
    out.append("    StructField(\"").append(field.name).append("\", ").append(pyspark_type(field.type));
    out += ", True),\n";
  }
  return out + "])\n";
}

std::string markdown(const field_list& fields) {
  std::string out = "| field | type | always | among the 22 | notes |\n|---|---|---|---|---|\n";
  for (const auto& field : fields) {
    out.append("| `").append(field.name).append("` | ").append(plain_type(field.type)).append(" | ");
    out.append(presence_text(field.there)).append(" | ").append(field.in_replaced_schema ? "yes" : "");
    out.append(" | ").append(field.note).append(" |\n");
  }
  return out;
}

// Every field of the list is its own; none is among the replaced source's 22.
std::string short_markdown(const field_list& fields) {
  std::string out = "| field | type | always | notes |\n|---|---|---|---|\n";
  for (const auto& field : fields) {
    out.append("| `").append(field.name).append("` | ").append(plain_type(field.type)).append(" | ");
    out.append(presence_text(field.there)).append(" | ").append(field.note).append(" |\n");
  }
  return out;
}

}  // namespace

std::string print_schema(schema_format format, bool replaced_only) {
  field_list fields;
  for (const auto& field : record_schema()) {
    if (field.in_replaced_schema || !replaced_only) fields.push_back(field);
  }
  switch (format) {
    case schema_format::json_schema:
      return json_schema(fields, "openelectricity record, v1");
    case schema_format::avro:
      return print_avro_schema(record_kind::point);
    case schema_format::spark_ddl:
      return spark_ddl(fields);
    case schema_format::pyspark:
      return pyspark(fields);
    case schema_format::markdown:
      return markdown(fields);
  }
  return {};
}

std::string print_facility_list_schema(schema_format format) {
  const field_list fields(facility_list_schema().begin(), facility_list_schema().end());
  switch (format) {
    case schema_format::json_schema:
      return json_schema(fields, "openelectricity facility list record, v1");
    case schema_format::avro:
      return print_avro_schema(record_kind::facility_unit);
    case schema_format::spark_ddl:
      return spark_ddl(fields);
    case schema_format::pyspark:
      return pyspark(fields);
    case schema_format::markdown:
      return short_markdown(fields);
  }
  return {};
}

}  // namespace oes
