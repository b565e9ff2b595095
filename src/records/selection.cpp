#include "records/selection.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "records/left_out_columns.hpp"
#include "records/series_slices.hpp"

namespace oes {
namespace {

// `skip`: leave it alone.
std::uint16_t next_revision(const ledger::entry& known, std::string_view number, const selection_question& q) {
  if (!known.published()) return number.empty() && !q.publish_nulls ? skip : std::uint16_t{0};
  if (q.revisions == revision_policy::first || same_value(number, known.value_hash, q.numbers)) return skip;
  return static_cast<std::uint16_t>(std::min<int>(known.revision + 1, skip - 1));
}

void sort_and_unique(std::vector<network_time>& labels) {
  std::sort(labels.begin(), labels.end());
  labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
}

}  // namespace

change_selection::change_selection(const time_series_answer& answer, std::size_t block, const ledger& published,
                                   const selection_question& question)
    : answer_(answer),
      all_(answer.blocks.at(block).all),
      published_(published),
      question_(question),
      read_again_{std::max(question.asked.begin, question.compare_from),
                  std::min(question.asked.end, question.news_from)} {
  out_.block = block;
  out_.revisions.reserve(all_.size());
}

bool change_selection::advance(std::size_t points) {
  if (next_ < all_.size()) {
    const bool all_seen = look_at_some(all_, next_, points, [this](const series& one) { look_at(one); });
    if (!all_seen) return false;
  }
  return read_again_.empty() || count_published(points);
}

bool change_selection::count_published(std::size_t points) {
  const auto cost = 16 + published_.labels_before(read_again_.end).size();
  std::size_t spent = 0;
  while (next_published_ < published_.series() && spent < points) {
    published_there_ += published_.published(next_published_++, read_again_);
    spent += cost;
  }
  return next_published_ == published_.series();
}

void change_selection::look_at(const series& one) {
  const auto id = published_.find(one.labels);
  left_out_columns missing(one);
  auto& revisions = out_.revisions.emplace_back(one.points.size(), skip);
  for (std::size_t i = 0; i < one.points.size(); ++i) {
    const auto& point = one.points[i];
    if (point.label < question_.compare_from || point.label >= question_.until) continue;
    const auto known = id ? published_.at(*id, point.label) : ledger::entry{};
    if (known.published() && read_again_.begin <= point.label && point.label < read_again_.end) ++answered_there_;
    if (known.published() && (columns_of(known.value_hash, question_.columns) & missing.at(point.label)) != 0) {
      ++out_.left_alone;
      continue;
    }
    revisions[i] = next_revision(known, answer_.text(point), question_);
    const bool passed = point.label < question_.news_from;
    if (revisions[i] == skip) {
      if (known.published()) ++out_.unchanged;
      if (point.is_null() && !known.published() && !passed) ++out_.nulls;
      continue;
    }
    ++out_.chosen;
    if (known.published()) ++out_.revised;
    // A point without a value leaves its label a gap, which a number closes.
    const bool had_number = known.published() && known.value_hash != null_hash;
    if (passed && !point.is_null() && !had_number) out_.late.push_back(point.label);
  }
}

selection change_selection::take() {
  sort_and_unique(out_.late);
  out_.left_out = published_there_ - std::min(published_there_, answered_there_);
  return std::move(out_);
}

selection select_changes(const time_series_answer& answer, std::size_t block, const ledger& published,
                         const selection_question& question) {
  change_selection one(answer, block, published, question);
  one.advance(std::numeric_limits<std::size_t>::max());
  return one.take();
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
