// What an answer holds, for the page's charts.
#include <algorithm>
#include <charconv>

#include "records/fueltech_groups.hpp"
#include "report/reporter.hpp"
#include "telemetry/data_chart.hpp"

namespace oes {
namespace {

std::string label_named(const series& one, std::string_view name) {
  for (const auto& [key, value] : one.labels) {
    if (key == name) return value;
  }
  return {};
}

std::string all_labels(const series& one) {
  std::string out;
  for (const auto& [key, value] : one.labels) out.append(value).append("|");
  return out;
}

// Prices have a line a region, generation a layer a group.
std::string layer_of(const chart_source& source, const series& one) {
  if (source.part == chart_part::price) {
    const auto region = label_named(one, "region");
    return region.empty() ? label_named(one, "network_region") : region;
  }
  const auto group = label_named(one, "fueltech_group");
  if (!group.empty()) return group;
  const auto fueltech = label_named(one, "fueltech");
  const auto known = fueltech_group(fueltech);
  return known.empty() ? fueltech : std::string(known);
}

std::optional<double> number_in(std::string_view text) {
  double value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

network_time newest_in(const metric_block& block) {
  auto newest = network_time::min();
  for (const auto& one : block.all) {
    if (!one.points.empty()) newest = std::max(newest, one.points.back().label);
  }
  return newest;
}

void draw(data_chart& chart, std::size_t index, const time_series_answer& answer, const metric_block& block) {
  chart.set_unit(index, block.unit);
  const auto& source = chart.source(index);
  const auto from = chart.useful_from(index, newest_in(block));
  for (const auto& one : block.all) {
    const auto layer = layer_of(source, one);
    const auto name = all_labels(one);
    const auto begin = std::lower_bound(one.points.begin(), one.points.end(), from,
                                        [](const point& p, network_time label) { return p.label < label; });
    for (auto at = begin; at != one.points.end(); ++at) {
      chart.add(index, layer, name, at->label, at->is_null() ? std::nullopt : number_in(answer.text(*at)));
    }
  }
}

}  // namespace

void reporter::answered(const request_group& group, const time_series_answer& answer) {
  if (chart_ == nullptr) return;
  for (const auto& block : answer.blocks) {
    if (block.all.empty()) continue;
    for (const auto& member : group.members) {
      if (member.metric() != block.metric) continue;
      for (const auto index : chart_->sources_of(member.stream(), member.metric())) draw(*chart_, index, answer, block);
    }
  }
}

}  // namespace oes
