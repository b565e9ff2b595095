#include "model/stream.hpp"

#include <algorithm>

namespace oes {

endpoint endpoint_for(const std::string& metric) {
  const auto known = find_metric(metric);
  return known ? known->served_by : endpoint::market;
}

group_identity identity_for(const stream_spec& stream, endpoint from) {
  group_identity id;
  id.from = from;
  id.net = stream.net;
  id.interval = stream.interval;
  id.primary = stream.primary;
  id.shape = stream.shape;
  id.filter.network_region = stream.filter.network_region;
  if (!id.filter.network_region.empty()) id.primary = primary_grouping::network_region;
  if (from == endpoint::data) {
    id.secondary = stream.secondary;
    id.filter.fueltechs = stream.filter.fueltechs;
    id.filter.fueltech_groups = stream.filter.fueltech_groups;
    // A filter forces its grouping on the server (api.md §2); fueltech_group wins.
    if (!id.filter.fueltechs.empty()) id.secondary = secondary_grouping::fueltech;
    if (!id.filter.fueltech_groups.empty()) id.secondary = secondary_grouping::fueltech_group;
  }
  if (from == endpoint::facility) id.filter.facility_codes = stream.filter.facility_codes;
  return id;
}

std::string topic_for(const stream_spec& stream, endpoint from, const std::string& metric) {
  const std::pair<std::string_view, std::string> values[] = {{"{dataset}", std::string(dataset(from))},
                                                             {"{network}", std::string(code(stream.net))},
                                                             {"{metric}", metric},
                                                             {"{interval}", std::string(code(stream.interval))},
                                                             {"{stream}", stream.name}};
  std::string out = stream.topic;
  for (const auto& [name, value] : values) {
    for (auto at = out.find(name); at != std::string::npos; at = out.find(name, at + value.size())) {
      out.replace(at, name.size(), value);
    }
  }
  return out;
}

}  // namespace oes
