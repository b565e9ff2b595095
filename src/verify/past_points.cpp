#include "verify/past_points.hpp"

#include <algorithm>

#include "model/answer_bounds.hpp"
#include "records/value_hash.hpp"

namespace oes {

past_points::past_points(interval_size interval, time_range labels, std::vector<std::int64_t> changes)
    : known_(interval), changes_(std::move(changes)) {
  // From the oldest label on: the ledger need not grow towards the front.
  known_.put(known_.add({}), labels.begin, {});
}

std::int64_t past_points::era(std::int64_t version) const {
  return std::distance(changes_.begin(), std::lower_bound(changes_.begin(), changes_.end(), version));
}

bool past_points::take(const data_point& point) {
  const auto found = known_.find(point.labels);
  if (!found && known_.series() >= most_series_of_a_member) return false;
  const auto series = found ? *found : known_.add(point.labels);
  auto& place = slots_.try_emplace(point.interval, slot{slots_.size(), point.version}).first->second;
  place.oldest = std::min(place.oldest, point.version);
  if (versions_.size() <= series) versions_.resize(series + 1U);
  auto& lane = versions_[series];
  if (lane.size() <= place.index) lane.resize(place.index + 1);
  auto& newest = lane[place.index];
  if (newest == 0) {
    newest = point.version;
  } else {
    const auto held = known_.at(series, point.interval);
    const bool same = held.revision == point.revision && era(newest) == era(point.version);
    if (same)
      twice_ = point.stream + "/" + point.metric + " " + format(point.interval) + " revision " +
               std::to_string(point.revision);
    if (point.version < newest) {
      keep_superseded(series, place.index, point.revision, point.version, point);
      return true;
    }
    keep_superseded(series, place.index, held.revision, newest, point);
    newest = point.version;
  }
  known_.put(series, point.interval,
             {point.number.empty() ? null_hash : value_hash(point.number), static_cast<std::uint16_t>(point.revision)});
  return true;
}

void past_points::keep_superseded(std::uint16_t series, std::size_t at, std::int64_t revision, std::int64_t version,
                                  const data_point& point) {
  const auto name = std::to_string(series) + "/" + std::to_string(at) + "/" + std::to_string(revision) + "/" +
                    std::to_string(era(version));
  if (superseded_.insert(name).second) return;
  twice_ = point.stream + "/" + point.metric + " " + format(point.interval) + " revision " + std::to_string(revision);
}

std::optional<std::int64_t> past_points::oldest(network_time label) const {
  const auto found = slots_.find(label);
  if (found == slots_.end()) return std::nullopt;
  return found->second.oldest;
}

}  // namespace oes
