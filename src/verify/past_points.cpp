#include "verify/past_points.hpp"

#include <algorithm>

#include "model/answer_bounds.hpp"
#include "records/value_hash.hpp"

namespace oes {

std::int64_t past_points::era(std::int64_t version) const {
  return std::distance(changes_.begin(), std::lower_bound(changes_.begin(), changes_.end(), version));
}

bool past_points::take(const data_point& point) {
  auto& oldest = oldest_.try_emplace(point.interval, point.version).first->second;
  oldest = std::min(oldest, point.version);
  if (point.interval >= end_) return true;
  const auto found = known_.find(point.labels);
  if (!found && known_.series() >= most_series_of_a_member) return false;
  const auto series = found ? *found : known_.add(point.labels);
  auto& row = versions_[point.interval];
  if (row.newest.capacity() <= series) row.newest.reserve(std::max(known_.series(), 2 * row.newest.capacity()));
  if (row.newest.size() <= series) row.newest.resize(series + 1U);
  auto& newest = row.newest[series];
  if (newest == 0) {
    newest = point.version;
  } else {
    const auto held = known_.at(series, point.interval);
    if (held.revision == point.revision && era(newest) == era(point.version)) tell_twice(point, point.revision);
    if (point.version < newest) {
      keep_superseded(row, series, point.revision, point.version, point);
      return true;
    }
    keep_superseded(row, series, held.revision, newest, point);
    newest = point.version;
  }
  known_.put(series, point.interval,
             {point.number.empty() ? null_hash : value_hash(point.number), static_cast<std::uint16_t>(point.revision)});
  return true;
}

void past_points::keep_superseded(label_versions& row, std::uint16_t series, std::int64_t revision,
                                  std::int64_t version, const data_point& point) {
  if (!row.superseded.emplace(series, revision, era(version)).second) return tell_twice(point, revision);
  ++superseded_;
}

void past_points::tell_twice(const data_point& point, std::int64_t revision) {
  twice_ = point.stream + "/" + point.metric + " " + format(point.interval) + " revision " + std::to_string(revision);
}

void past_points::keep_until(network_time label) {
  end_ = std::min(end_, label);
  known_.drop_from(label);
  const auto first = versions_.lower_bound(label);
  for (auto row = first; row != versions_.end(); ++row) superseded_ -= row->second.superseded.size();
  versions_.erase(first, versions_.end());
}

std::optional<std::int64_t> past_points::oldest(network_time label) const {
  const auto found = oldest_.find(label);
  if (found == oldest_.end()) return std::nullopt;
  return found->second;
}

}  // namespace oes
