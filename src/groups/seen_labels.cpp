#include "groups/seen_labels.hpp"

#include <algorithm>
#include <cstddef>

namespace oes {
namespace {

bool earlier(const seen_label& a, const seen_label& b) { return a.label < b.label; }

// Sorts `more` into `all`, each label once.
void merge_labels(std::vector<seen_label>& all, std::vector<seen_label>& more) {
  std::sort(more.begin(), more.end(), earlier);
  const auto middle = static_cast<std::ptrdiff_t>(all.size());
  all.insert(all.end(), more.begin(), more.end());
  more.clear();
  std::inplace_merge(all.begin(), all.begin() + middle, all.end(), earlier);
  std::size_t kept = 0;
  for (const auto& one : all) {
    if (kept > 0 && all[kept - 1].label == one.label) {
      all[kept - 1].has_number = all[kept - 1].has_number || one.has_number;
    } else {
      all[kept++] = one;
    }
  }
  all.resize(kept);
}

}  // namespace

// Nearly always all series have the same labels. Where they have not, what a series adds is merged when it is as much
// as there is already: thousands of short series beside a long one must not each cost as much as the long one.
std::vector<seen_label> labels_of(const metric_block& block, network_time from) {
  std::vector<seen_label> out;
  std::vector<seen_label> more;
  for (const auto& one : block.all) {
    auto have = out.begin();
    auto at = std::lower_bound(one.points.begin(), one.points.end(), from,
                               [](const point& p, network_time t) { return p.label < t; });
    for (; at != one.points.end(); ++at) {
      if (have == out.end() || have->label != at->label) {
        have = std::lower_bound(have, out.end(), seen_label{at->label, false}, earlier);
      }
      if (have != out.end() && have->label == at->label) {
        have->has_number = have->has_number || !at->is_null();
        ++have;
      } else {
        more.push_back({at->label, !at->is_null()});
      }
    }
    if (more.size() > out.size()) merge_labels(out, more);
  }
  merge_labels(out, more);
  return out;
}

}  // namespace oes
