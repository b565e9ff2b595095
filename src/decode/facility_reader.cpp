#include "decode/facility_reader.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "decode/kept_text.hpp"
#include "model/utf8.hpp"

namespace oes {
namespace {

// Ten times what Australia has.
constexpr std::size_t most_units = 20'000;
constexpr std::string_view over_units = "it has more than 20,000 units";
constexpr std::size_t most_bytes = 8UL * 1024 * 1024;
constexpr std::string_view over_text_bytes = "its texts are more than 8 MiB";

struct text_field {
  std::string_view key;
  std::string facility_unit::*into;
  json_token kind = json_token::text;
  bool lesser = false;
};

constexpr auto facility_fields = std::to_array<text_field>({
    {"code", &facility_unit::facility_code},
    {"name", &facility_unit::facility_name},
    {"network_id", &facility_unit::network_code},
    {"network_region", &facility_unit::network_region},
    {"description", &facility_unit::description, json_token::text, true},
    {"npi_id", &facility_unit::npi_id, json_token::text, true},
    {"npi_id", &facility_unit::npi_id, json_token::number},
    {"osm_way_id", &facility_unit::osm_way_id, json_token::text, true},
    {"osm_way_id", &facility_unit::osm_way_id, json_token::number},
});
constexpr auto place_fields = std::to_array<text_field>({
    {"lat", &facility_unit::lat, json_token::number},
    {"lng", &facility_unit::lng, json_token::number},
});
constexpr auto unit_fields = std::to_array<text_field>({
    {"code", &facility_unit::unit_code},
    {"fueltech_id", &facility_unit::fueltech},
    {"status_id", &facility_unit::status},
    {"capacity_registered", &facility_unit::capacity_registered, json_token::number},
    {"capacity_maximum", &facility_unit::capacity_maximum, json_token::number},
    {"emissions_factor_co2", &facility_unit::emissions_factor_co2, json_token::number},
    {"data_first_seen", &facility_unit::data_first_seen},
    {"data_last_seen", &facility_unit::data_last_seen},
    {"capacity_storage", &facility_unit::capacity_storage, json_token::number},
    {"dispatch_type", &facility_unit::dispatch_type, json_token::text, true},
    {"commencement_date", &facility_unit::commencement_date, json_token::text, true},
    {"commencement_date_specificity", &facility_unit::commencement_date_specificity, json_token::text, true},
    {"closure_date", &facility_unit::closure_date, json_token::text, true},
    {"closure_date_specificity", &facility_unit::closure_date_specificity, json_token::text, true},
    {"expected_operation_date", &facility_unit::expected_operation_date, json_token::text, true},
    {"expected_operation_date_specificity", &facility_unit::expected_operation_date_specificity, json_token::text,
     true},
    {"expected_closure_date", &facility_unit::expected_closure_date, json_token::text, true},
    {"expected_closure_date_specificity", &facility_unit::expected_closure_date_specificity, json_token::text, true},
    {"construction_start_date", &facility_unit::construction_start_date, json_token::text, true},
    {"construction_start_date_specificity", &facility_unit::construction_start_date_specificity, json_token::text,
     true},
    {"project_approval_date", &facility_unit::project_approval_date, json_token::text, true},
    {"project_approval_date_specificity", &facility_unit::project_approval_date_specificity, json_token::text, true},
    {"project_lodgement_date", &facility_unit::project_lodgement_date, json_token::text, true},
    {"max_generation", &facility_unit::max_generation, json_token::number},
    {"max_generation_interval", &facility_unit::max_generation_interval, json_token::text, true},
});

template <std::size_t Count>
facility_reader::target find(const std::array<text_field, Count>& fields, std::string_view key, json_token kind,
                             facility_unit& in) {
  for (const auto& field : fields) {
    if (field.key == key && field.kind == kind) return {&(in.*field.into), field.lesser};
  }
  return {};
}

// Of a text that is looked up nowhere.
constexpr std::size_t longest_prose = 4096;

auto identity(const facility_unit& unit) { return std::tie(unit.facility_code, unit.unit_code); }

}  // namespace

facility_reader::complaint facility_reader::read(json_token token, std::string_view text) {
  if (opens(token)) {
    if (depth_ == 0 && token != json_token::begin_object) return "it is not an object";
    if (depth_ == in_envelope && in_list() && token != json_token::begin_array) return "data is not an array";
    if (depth_ == in_data && in_list() && token != json_token::begin_object) return "a facility is not an object";
    open(token);
    return {};
  }
  if (token == json_token::end_object || token == json_token::end_array) return close();
  if (depth_ == 0) return "it is not an object";
  if (token == json_token::key) {
    if (depth_ < keys_.size()) keys_[depth_] = text;
    return {};
  }
  return keep(token, text);
}

void facility_reader::open(json_token token) {
  if (depth_ == in_envelope && in_list()) has_data_ = true;
  if (depth_ == in_data) {
    facility_ = {};
    facility_fault_.clear();
  }
  if (depth_ == in_part && token == json_token::begin_object) {
    unit_ = {};
    unit_fault_.clear();
  }
  ++depth_;
  if (depth_ < keys_.size()) keys_[depth_].clear();
}

facility_reader::complaint facility_reader::close() {
  --depth_;
  if (!in_list()) return {};
  if (depth_ == in_part && below(in_facility, "units")) return end_unit();
  if (depth_ == in_data) return end_facility();
  return {};
}

facility_reader::complaint facility_reader::keep(json_token token, std::string_view text) {
  const auto [into, lesser] = field_for(token);
  if (into == nullptr) return {};
  if (lesser) {
    *into = one_line(valid_utf8(text), longest_prose);
    kept_bytes_ += into->size();
    return kept_bytes_ > most_bytes ? over_text_bytes : complaint{};
  }
  if (const auto reason = why_not_kept(text)) {
    // Named by its key alone, never by what it holds.
    (depth_ == in_unit ? unit_fault_ : facility_fault_) = keys_[depth_] + " " + *reason;
    return {};
  }
  kept_bytes_ += text.size();
  if (kept_bytes_ > most_bytes) return over_text_bytes;
  *into = text;
  return {};
}

facility_reader::target facility_reader::field_for(json_token token) {
  if (!in_list()) return {};
  if (depth_ == in_facility) return find(facility_fields, keys_[in_facility], token, facility_);
  if (depth_ == in_part && below(in_facility, "location")) {
    return find(place_fields, keys_[in_part], token, facility_);
  }
  if (depth_ == in_unit && below(in_facility, "units")) return find(unit_fields, keys_[in_unit], token, unit_);
  return {};
}

facility_reader::complaint facility_reader::end_unit() {
  if (++seen_units_ > most_units) return over_units;
  if (unit_fault_.empty() && unit_.unit_code.empty()) unit_fault_ = "it has no code";
  if (unit_fault_.empty()) {
    of_facility_.push_back(std::move(unit_));
  } else {
    faults_of_facility_.push_back(std::exchange(unit_fault_, {}));
  }
  return {};
}

// The order of a facility's members is not known: its units may come before its code.
facility_reader::complaint facility_reader::end_facility() {
  if (facility_fault_.empty() && facility_.facility_code.empty()) facility_fault_ = "it has no code";
  if (!facility_fault_.empty()) {
    leave_out(std::max<std::size_t>(1, of_facility_.size()), "of a facility: " + facility_fault_);
    of_facility_.clear();
  }
  for (auto& fault : std::exchange(faults_of_facility_, {})) {
    leave_out(1, "of a unit of facility '" + facility_.facility_code + "': " + fault);
  }
  for (auto& unit : of_facility_) {
    unit.facility_code = facility_.facility_code;
    unit.facility_name = facility_.facility_name;
    unit.network_code = facility_.network_code;
    unit.network_region = facility_.network_region;
    unit.lat = facility_.lat;
    unit.lng = facility_.lng;
    unit.description = facility_.description;
    unit.npi_id = facility_.npi_id;
    unit.osm_way_id = facility_.osm_way_id;
    units_.push_back(std::move(unit));
  }
  of_facility_.clear();
  return {};
}

void facility_reader::leave_out(std::size_t count, std::string because) {
  if (left_out_ == 0) left_out_because_ = std::move(because);
  left_out_ += count;
  left_out_of_.insert(facility_.facility_code);
}

facility_list facility_reader::take() {
  facility_list out;
  out.units = std::move(units_);
  out.left_out = left_out_;
  out.left_out_because = std::move(left_out_because_);
  out.left_out_of = std::move(left_out_of_);
  return out;
}

facility_reader::complaint facility_reader::finish() {
  if (!has_data_) return "it has no data";
  if (units_.empty()) return "it names no unit";
  std::stable_sort(units_.begin(), units_.end(),
                   [](const facility_unit& a, const facility_unit& b) { return identity(a) < identity(b); });
  const auto same = [](const facility_unit& a, const facility_unit& b) { return identity(a) == identity(b); };
  units_.erase(std::unique(units_.begin(), units_.end(), same), units_.end());
  return {};
}

}  // namespace oes
