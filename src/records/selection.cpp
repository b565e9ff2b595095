#include "records/selection.hpp"

#include <algorithm>

#include "records/value_hash.hpp"

namespace oes {
namespace {

// `skip`: leave it alone.
std::uint16_t next_revision(const ledger::entry& known, std::string_view number, const selection_question& q) {
  if (!known.published()) return number.empty() && !q.publish_nulls ? skip : std::uint16_t{0};
  if (q.revisions == revision_policy::first || value_hash(number) == known.value_hash) return skip;
  return static_cast<std::uint16_t>(std::min<int>(known.revision + 1, skip - 1));
}

void sort_and_unique(std::vector<network_time>& labels) {
  std::sort(labels.begin(), labels.end());
  labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
}

}  // namespace

selection select_changes(const time_series_answer& answer, std::size_t block, const ledger& published,
                         const selection_question& question) {
  selection out;
  out.block = block;
  for (const auto& series : answer.blocks.at(block).all) {
    const auto id = published.find(series.labels);
    auto& revisions = out.revisions.emplace_back(series.points.size(), skip);
    for (std::size_t i = 0; i < series.points.size(); ++i) {
      const auto& point = series.points[i];
      if (point.label < question.compare_from || point.label >= question.until) continue;
      const auto known = id ? published.at(*id, point.label) : ledger::entry{};
      revisions[i] = next_revision(known, answer.text(point), question);
      const bool passed = point.label < question.news_from;
      if (revisions[i] == skip) {
        if (point.is_null() && !known.published() && !passed) ++out.nulls;
        continue;
      }
      ++out.chosen;
      if (known.published()) ++out.revised;
      if (passed && !known.published()) out.late.push_back(point.label);
    }
  }
  sort_and_unique(out.late);
  return out;
}

void restrict_to(selection& chosen, const metric_block& block, const range_set& labels) {
  for (std::size_t i = 0; i < chosen.revisions.size(); ++i) {
    const auto& points = block.all[i].points;
    auto range = labels.ranges().begin();
    for (std::size_t at = 0; at < points.size(); ++at) {
      while (range != labels.ranges().end() && range->end <= points[at].label) ++range;
      const bool inside = range != labels.ranges().end() && range->begin <= points[at].label;
      auto& revision = chosen.revisions[i][at];
      if (inside || revision == skip) continue;
      if (revision > 0) --chosen.revised;
      --chosen.chosen;
      revision = skip;
    }
  }
}

}  // namespace oes
