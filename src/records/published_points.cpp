#include "records/published_points.hpp"

#include <algorithm>

namespace oes {

std::optional<std::uint16_t> published_points::find(const series_labels& labels) const {
  const auto found = ids_.find(labels);
  if (found == ids_.end()) return std::nullopt;
  return found->second;
}

std::uint16_t published_points::add(const series_labels& labels) {
  const auto series = static_cast<std::uint16_t>(ids_.size());
  ids_.emplace(labels, series);
  return series;
}

ledger::entry published_points::at(std::uint16_t series, network_time label) const {
  const auto row = rows_.find(label);
  if (row == rows_.end() || row->second.size() <= series) return {};
  return row->second[series];
}

void published_points::put(std::uint16_t series, network_time label, ledger::entry published) {
  auto& row = rows_[label];
  if (row.capacity() <= series) {
    room_ -= row.capacity();
    // Most labels have as many series as those before them; only the first ones grow.
    row.reserve(std::max(ids_.size(), row.capacity() + row.capacity() / 2));
    room_ += row.capacity();
  }
  if (row.size() <= series) row.resize(series + 1U);
  row[series] = published;
}

std::optional<network_time> published_points::oldest() const {
  if (rows_.empty()) return std::nullopt;
  return rows_.begin()->first;
}

std::optional<network_time> published_points::newest() const {
  if (rows_.empty()) return std::nullopt;
  return rows_.rbegin()->first;
}

void published_points::drop_from(network_time label) {
  const auto first = rows_.lower_bound(label);
  for (auto row = first; row != rows_.end(); ++row) room_ -= row->second.capacity();
  rows_.erase(first, rows_.end());
}

ledger published_points::within(time_range labels) const {
  ledger out(interval_);
  std::vector<const series_labels*> named(ids_.size());
  for (const auto& [name, series] : ids_) named[series] = &name;
  for (const auto* name : named) out.add(*name);
  const auto first = rows_.lower_bound(labels.begin);
  auto row = rows_.lower_bound(labels.end);
  if (first == row) return out;
  // From the oldest label to the newest one at once: a ledger that grows is copied again and again.
  out.put(0, first->first, {});
  while (row != first) {
    --row;
    for (std::size_t series = 0; series < row->second.size(); ++series) {
      const auto& one = row->second[series];
      if (one.published()) out.put(static_cast<std::uint16_t>(series), row->first, one);
    }
  }
  return out;
}

}  // namespace oes
