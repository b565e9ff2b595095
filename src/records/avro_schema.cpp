#include "records/avro_schema.hpp"

namespace oes {
namespace {

constexpr std::string_view instant = R"({"type":"long","logicalType":"timestamp-micros"})";

std::string type_of(field_type type) {
  switch (type) {
    case field_type::string:
      return R"("string")";
    case field_type::timestamp:
      return std::string(instant);
    case field_type::number:
      return R"("double")";
    case field_type::integer:
      return R"("long")";
    case field_type::boolean:
      return R"("boolean")";
    case field_type::string_map:
      return R"({"type":"map","values":"string"})";
  }
  return {};
}

std::string field(std::string_view name, const std::string& type) {
  return R"({"name":")" + std::string(name) + R"(","type":)" + type + "}";
}

// With a default, so that readers of this schema read what was written before there was the field.
std::string optional_field(std::string_view name, const std::string& type) {
  return R"({"name":")" + std::string(name) + R"(","type":["null",)" + type + R"(],"default":null})";
}

std::string fields_of(record_kind kind, std::string_view separator) {
  std::string out;
  const auto add = [&](const std::string& one) { out.append(out.empty() ? "" : separator).append(one); };
  const auto table = kind == record_kind::point ? record_schema() : facility_list_schema();
  for (const auto& one : table) {
    if (one.name == "value") add(optional_field(extra_values_field, R"({"type":"map","values":"double"})"));
    const auto type = type_of(one.type);
    add(one.there == presence::always ? field(one.name, type) : optional_field(one.name, type));
  }
  return out;
}

std::string schema_text(record_kind kind, std::string_view separator, std::string_view end) {
  const auto name = avro_record_name(kind);
  const auto dot = name.find('.');
  return R"({"type":"record","name":")" + name.substr(dot + 1) + R"(","namespace":")" + name.substr(0, dot) +
         R"(","fields":[)" + std::string(end) + fields_of(kind, separator) + std::string(end) + "]}";
}

}  // namespace

std::string avro_record_name(record_kind kind) {
  return kind == record_kind::point ? "openelectricity.point" : "openelectricity.facility_unit";
}

std::string avro_schema(record_kind kind) { return schema_text(kind, ",", ""); }

std::string print_avro_schema(record_kind kind) { return schema_text(kind, ",\n", "\n") + "\n"; }

}  // namespace oes
