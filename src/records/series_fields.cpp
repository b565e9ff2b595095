#include "records/series_fields.hpp"

#include <algorithm>
#include <array>

#include "records/fueltech_groups.hpp"

namespace oes {
namespace {

// Labels that have a field of their own; all others go to `extra`.
constexpr std::array<std::string_view, 7> known_labels{"facility_code", "fueltech", "fueltech_group", "region",
                                                       "renewable",     "status",   "unit_code"};

bool is_boolean(std::string_view text) { return text == "true" || text == "false"; }

std::optional<std::string_view> find(const series_labels& labels, std::string_view name) {
  for (const auto& [label, value] : labels) {
    if (label == name) return value;
  }
  return std::nullopt;
}

bool has_own_field(std::string_view name, std::string_view value) {
  if (name == "renewable") return is_boolean(value);
  return std::find(known_labels.begin(), known_labels.end(), name) != known_labels.end();
}

std::optional<std::string_view> group_of(const series_labels& labels) {
  if (const auto group = find(labels, "fueltech_group")) return group;
  const auto derived = fueltech_group(find(labels, "fueltech").value_or(""));
  if (derived.empty()) return std::nullopt;
  return derived;
}

}  // namespace

series_fields fields_of(const series_labels& labels) {
  series_fields out;
  out.fueltech_group = group_of(labels);
  out.network_region = find(labels, "region");
  out.unit_code = find(labels, "unit_code");
  out.fueltech = find(labels, "fueltech");
  out.status = find(labels, "status");
  out.facility_code = find(labels, "facility_code");
  out.renewable = find(labels, "renewable");
  if (out.renewable && !is_boolean(*out.renewable)) out.renewable.reset();
  for (const auto& [name, value] : labels) {
    if (!has_own_field(name, value)) out.extra.emplace_back(name, value);
  }
  return out;
}

}  // namespace oes
