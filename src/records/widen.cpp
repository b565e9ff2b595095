#include "records/widen.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "model/request.hpp"
#include "records/json_text.hpp"

namespace oes {
namespace {

constexpr std::size_t usual_number = 10;

std::string prefix_of(const std::string& metric) {
  std::string out;
  append_json_string(out, metric);
  return out + ':';
}

// Of the text of all columns of a block; the estimate is what is set aside at once.
std::size_t estimate(const metric_block& block) {
  std::size_t points = 0;
  for (const auto& one : block.all) points += one.points.size();
  return points * (block.metric.size() + 4 + usual_number);
}

}  // namespace

widener::widener(time_series_answer answer, const std::vector<std::string>& columns) : narrow_(std::move(answer)) {
  wide_.body = std::make_unique<std::string>();
  wide_.received_at = narrow_.received_at;
  wide_.served_at = narrow_.served_at;
  wide_.blocks.push_back({std::string(wide_metric), {}, {}});
  for (const auto& metric : columns) {
    prefixes_.push_back(prefix_of(metric));
    sets_.push_back(column_of(metric));
  }
  std::size_t size = 0;
  for (const auto& block : narrow_.blocks) {
    const auto place = std::find(columns.begin(), columns.end(), block.metric) - columns.begin();
    if (static_cast<std::size_t>(place) == columns.size()) continue;
    blocks_.emplace_back(&block, static_cast<std::size_t>(place));
    wide_.blocks.front().add_left_out(block);
    size += estimate(block);
  }
  wide_.body->reserve(size);
}

void widener::add_series() {
  const auto& [block, place] = blocks_.back();
  if (at_ < block->all.size()) {
    const auto& one = block->all[at_++];
    auto& side_by_side = rows_[one.labels];
    side_by_side.resize(prefixes_.size());
    side_by_side[place].from = &one;
  }
  if (at_ < block->all.size()) return;
  blocks_.pop_back();
  at_ = 0;
}

// The next interval of the first row; false: it has none left, and is done.
bool widener::join_next() {
  auto& columns = rows_.begin()->second;
  std::optional<network_time> next;
  for (const auto& one : columns) {
    if (one.from == nullptr || one.at == one.from->points.size()) continue;
    const auto label = one.from->points[one.at].label;
    next = next ? std::min(*next, label) : label;
  }
  if (!next) return false;
  wide_.blocks.front().all.back().points.push_back(join(columns, *next));
  return true;
}

bool widener::advance(std::size_t steps) {
  for (; steps > 0 && !blocks_.empty(); --steps) add_series();
  for (; steps > 0 && !rows_.empty(); --steps) {
    if (!joining_) wide_.blocks.front().all.push_back({rows_.begin()->first, {}});
    joining_ = join_next();
    if (!joining_) rows_.erase(rows_.begin());
  }
  return blocks_.empty() && rows_.empty();
}

point widener::join(row& columns, network_time label) {
  auto& body = *wide_.body;
  const auto begin = body.size();
  column_set missing = 0;
  for (std::size_t place = 0; place < columns.size(); ++place) {
    auto& one = columns[place];
    const bool there =
        one.from != nullptr && one.at < one.from->points.size() && one.from->points[one.at].label == label;
    if (!there) {
      missing |= sets_[place];
      continue;
    }
    const auto& here = one.from->points[one.at++];
    if (here.is_null()) continue;
    if (body.size() > begin) body += ',';
    body.append(prefixes_[place]).append(narrow_.text(here));
  }
  if (missing != 0) wide_.blocks.front().all.back().lacks.push_back({label, missing});
  // The decoder refuses bodies that 32 bits cannot address, and the columns are shorter than the points they come from.
  return {label, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(body.size() - begin)};
}

time_series_answer widener::take() { return std::move(wide_); }

time_series_answer widen(time_series_answer answer, const std::vector<std::string>& columns) {
  widener one(std::move(answer), columns);
  while (!one.advance(std::numeric_limits<std::size_t>::max())) {
  }
  return one.take();
}

}  // namespace oes
