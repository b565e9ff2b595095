#include "records/selection.hpp"

#include <algorithm>

namespace oes {
namespace {

// Walks ascending labels and says of each whether it is wanted.
class wanted_labels {
 public:
  explicit wanted_labels(const std::vector<time_range>& ascending) : range_(ascending.begin()), end_(ascending.end()) {}
  bool contains(network_time label) {
    while (range_ != end_ && range_->end <= label) ++range_;
    return range_ != end_ && range_->begin <= label;
  }

 private:
  std::vector<time_range>::const_iterator range_, end_;
};

std::vector<time_range> ascending_and_disjoint(const std::vector<time_range>& ranges) {
  range_set set;
  for (const auto& range : ranges) set.add(range);
  return set.ranges();
}

}  // namespace

selection select_new(const time_series_answer& answer, std::size_t block, const std::vector<time_range>& wanted,
                     bool publish_nulls) {
  const auto ranges = ascending_and_disjoint(wanted);
  selection out;
  out.block = block;
  for (const auto& series : answer.blocks.at(block).all) {
    wanted_labels labels(ranges);
    auto& revisions = out.revisions.emplace_back(series.points.size(), skip);
    for (std::size_t i = 0; i < series.points.size(); ++i) {
      if (!labels.contains(series.points[i].label)) continue;
      if (series.points[i].is_null() && !publish_nulls) {
        ++out.nulls;
        continue;
      }
      revisions[i] = 0;
      ++out.chosen;
    }
  }
  return out;
}

}  // namespace oes
