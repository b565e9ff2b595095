#include "records/avro_unit.hpp"

#include <map>
#include <string_view>

#include "records/avro_wire.hpp"
#include "records/fueltech_groups.hpp"
#include "records/number_value.hpp"
#include "records/schema.hpp"
#include "records/unit_fields.hpp"

namespace oes {
namespace {

template <std::size_t Count>
void add(std::map<std::string_view, std::string_view>& to, const std::array<unit_field, Count>& fields,
         const facility_unit& unit) {
  for (const auto& field : fields) to.emplace(field.name, unit.*field.value);
}

std::map<std::string_view, std::string_view> texts_of(const facility_unit& unit) {
  std::map<std::string_view, std::string_view> out{{"fueltech_group", fueltech_group(unit.fueltech)}};
  add(out, place_fields, unit);
  add(out, unit_fields, unit);
  add(out, moving_fields, unit);
  return out;
}

template <std::size_t Count>
void make_shortest(facility_unit& unit, const std::array<unit_field, Count>& fields) {
  for (const auto& field : fields) {
    auto& text = unit.*field.value;
    if (field.number && !text.empty()) text = shortest_number(double_of(text));
  }
}

void append(std::string& to, const schema_field& field, std::string_view text) {
  if (field.there != presence::always) to += text.empty() ? avro::no_value : avro::a_value;
  if (field.there != presence::always && text.empty()) return;
  if (field.type != field_type::number) return avro::append_text(to, text);
  char bytes[sizeof(double)];
  to.append(bytes, avro::put_double(bytes, double_of(text)));
}

}  // namespace

std::string avro_unit(const facility_unit& unit, utc_time fetched_at, std::int64_t version, std::int32_t schema_id) {
  const auto texts = texts_of(unit);
  auto out = avro::frame_of(schema_id);
  for (const auto& field : facility_list_schema()) {
    if (field.name == "fetched_at") {
      avro::append_long(out, fetched_at.time_since_epoch().count());
    } else if (field.name == "version") {
      avro::append_long(out, version);
    } else {
      append(out, field, texts.at(field.name));
    }
  }
  return out;
}

facility_list with_doubles(facility_list list) {
  for (auto& unit : list.units) {
    make_shortest(unit, place_fields);
    make_shortest(unit, unit_fields);
    make_shortest(unit, moving_fields);
  }
  return list;
}

}  // namespace oes
