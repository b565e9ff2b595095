#include "model/stream.hpp"

#include <algorithm>

namespace oes {

namespace {

constexpr std::string_view asks_data = "data/";
constexpr std::string_view asks_market = "market/";

// As the schema has its columns, newer ones after them by name; each once.
void put_in_order(std::vector<std::string>& metrics) {
  const auto place = [](const std::string& metric) {
    const auto all = known_metrics();
    return std::find_if(all.begin(), all.end(), [&](const metric_info& m) { return m.name == metric; }) - all.begin();
  };
  std::sort(metrics.begin(), metrics.end(), [&](const std::string& a, const std::string& b) {
    return std::pair(place(a), std::string_view(a)) < std::pair(place(b), std::string_view(b));
  });
  metrics.erase(std::unique(metrics.begin(), metrics.end()), metrics.end());
}

}  // namespace

endpoint endpoint_for(std::string_view metric) {
  if (metric.starts_with(asks_data)) return endpoint::data;
  if (metric.starts_with(asks_market)) return endpoint::market;
  const auto known = find_metric(metric);
  return known ? known->served_by : endpoint::market;
}

std::string_view metric_name(std::string_view metric) {
  for (const auto prefix : {asks_data, asks_market}) {
    if (metric.starts_with(prefix)) return metric.substr(prefix.size());
  }
  return metric;
}

std::vector<stream_part> parts_of(const stream_spec& stream) {
  std::vector<stream_part> parts;
  for (const auto& written : stream.metrics) {
    const std::string metric(metric_name(written));
    const auto from = is_of_facilities(stream) ? endpoint::facility : endpoint_for(written);
    if (stream.shape == record_shape::long_form) {
      parts.push_back({metric, from, {metric}});
      continue;
    }
    const auto same = std::find_if(parts.begin(), parts.end(), [&](const stream_part& p) { return p.from == from; });
    if (same == parts.end()) {
      parts.push_back({std::string(wide_metric), from, {metric}});
    } else {
      same->metrics.push_back(metric);
    }
  }
  for (auto& part : parts) {
    if (part.name == wide_metric) put_in_order(part.metrics);
  }
  return parts;
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
  if (from == endpoint::facility) {
    id.primary = primary_grouping::network;  // units are not grouped: the filters only choose
    id.filter = stream.filter;
  }
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
