#include "model/request.hpp"

#include <algorithm>
#include <array>

namespace oes {
namespace {

std::string joined(std::vector<std::string> values) {
  std::sort(values.begin(), values.end());
  std::string out;
  for (const auto& value : values) {
    if (!out.empty()) out += ',';
    out += value;
  }
  return out;
}

void add_filter(std::string& out, std::string_view name, const std::string& value) {
  if (value.empty()) return;
  if (!out.empty()) out += ';';
  out.append(name).append("=").append(value);
}

}  // namespace

std::string_view code(primary_grouping g) { return g == primary_grouping::network ? "network" : "network_region"; }

std::string_view code(secondary_grouping g) {
  switch (g) {
    case secondary_grouping::none:
      return "";
    case secondary_grouping::fueltech:
      return "fueltech";
    case secondary_grouping::fueltech_group:
      return "fueltech_group";
    case secondary_grouping::status:
      return "status";
    case secondary_grouping::renewable:
      return "renewable";
  }
  return "";
}

std::optional<primary_grouping> parse_primary_grouping(std::string_view text) {
  for (const auto g : {primary_grouping::network, primary_grouping::network_region}) {
    if (text == code(g)) return g;
  }
  return std::nullopt;
}

std::optional<secondary_grouping> parse_secondary_grouping(std::string_view text) {
  using enum secondary_grouping;
  for (const auto g : {fueltech, fueltech_group, status, renewable}) {
    if (text == code(g)) return g;
  }
  return std::nullopt;
}

std::string grouping_name(const group_identity& id) {
  if (id.from == endpoint::facility || id.from == endpoint::facilities) return "unit";
  const bool by_region = id.primary == primary_grouping::network_region;
  const auto secondary = code(id.secondary);
  if (by_region && !secondary.empty()) return "network_region/" + std::string(secondary);
  if (by_region) return "network_region";
  return secondary.empty() ? "total" : std::string(secondary);
}

grouping_labels labels_of(const group_identity& id) {
  if (id.from == endpoint::facility) return {{"unit_code"}, {}};
  const auto secondary = code(id.secondary);
  const bool by_region = id.primary == primary_grouping::network_region;
  grouping_labels out;
  (by_region ? out.asked : out.others).push_back("region");
  for (const std::string_view name : {"fueltech", "fueltech_group", "renewable", "status"}) {
    (name == secondary ? out.asked : out.others).push_back(name);
  }
  return out;
}

std::string canonical(const group_identity& id) {
  std::string filters;
  add_filter(filters, "region", id.filter.network_region);
  add_filter(filters, "fueltech", joined(id.filter.fueltechs));
  add_filter(filters, "fueltech_group", joined(id.filter.fueltech_groups));
  add_filter(filters, "facility", joined(id.filter.facility_codes));
  std::string out(dataset(id.from));
  out.append("|").append(code(id.net)).append("|").append(code(id.interval)).append("|").append(grouping_name(id));
  out.append("|").append(filters).append("|").append(id.shape == record_shape::wide ? "wide" : "long");
  return out;
}

}  // namespace oes
