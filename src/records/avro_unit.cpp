#include "records/avro_unit.hpp"

#include <map>
#include <string_view>

#include "records/avro_wire.hpp"
#include "records/fueltech_groups.hpp"
#include "records/number_value.hpp"
#include "records/schema.hpp"

namespace oes {
namespace {

std::map<std::string_view, std::string_view> texts_of(const facility_unit& unit) {
  return {{"facility_code", unit.facility_code},
          {"facility_name", unit.facility_name},
          {"network_code", unit.network_code},
          {"network_region", unit.network_region},
          {"lat", unit.lat},
          {"lng", unit.lng},
          {"unit_code", unit.unit_code},
          {"fueltech", unit.fueltech},
          {"fueltech_group", fueltech_group(unit.fueltech)},
          {"status", unit.status},
          {"capacity_registered", unit.capacity_registered},
          {"capacity_maximum", unit.capacity_maximum},
          {"emissions_factor_co2", unit.emissions_factor_co2},
          {"data_first_seen", unit.data_first_seen},
          {"data_last_seen", unit.data_last_seen}};
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
    for (auto* number : {&unit.lat, &unit.lng, &unit.capacity_registered, &unit.capacity_maximum,
                         &unit.emissions_factor_co2}) {
      if (!number->empty()) *number = shortest_number(double_of(*number));
    }
  }
  return list;
}

}  // namespace oes
