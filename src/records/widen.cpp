#include "records/widen.hpp"

#include <algorithm>
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
  wide_.conflicting_duplicates = narrow_.conflicting_duplicates;
  wide_.blocks.push_back({std::string(wide_metric), {}, {}});
  std::size_t size = 0;
  for (const auto& block : narrow_.blocks) {
    const auto place = std::find(columns.begin(), columns.end(), block.metric) - columns.begin();
    if (static_cast<std::size_t>(place) == columns.size()) continue;
    add_block(block, static_cast<std::size_t>(place), columns);
    size += estimate(block);
  }
  wide_.body->reserve(size);
}

void widener::add_block(const metric_block& block, std::size_t place, const std::vector<std::string>& columns) {
  for (const auto& one : block.all) {
    auto& side_by_side = rows_[one.labels];
    if (side_by_side.empty()) {
      for (const auto& metric : columns) side_by_side.push_back({prefix_of(metric), nullptr, 0});
    }
    side_by_side[place].from = &one;
  }
}

bool widener::advance() {
  if (rows_.empty()) return true;
  auto first = rows_.extract(rows_.begin());
  auto& columns = first.mapped();
  auto& out = wide_.blocks.front().all.emplace_back();
  out.labels = std::move(first.key());
  while (true) {
    std::optional<network_time> next;
    for (const auto& one : columns) {
      if (one.from == nullptr || one.at == one.from->points.size()) continue;
      const auto label = one.from->points[one.at].label;
      next = next ? std::min(*next, label) : label;
    }
    if (!next) break;
    out.points.push_back(join(columns, *next));
  }
  return rows_.empty();
}

point widener::join(row& columns, network_time label) {
  auto& body = *wide_.body;
  const auto begin = body.size();
  for (auto& one : columns) {
    if (one.from == nullptr || one.at == one.from->points.size()) continue;
    const auto& here = one.from->points[one.at];
    if (here.label != label) continue;
    ++one.at;
    if (here.is_null()) continue;
    if (body.size() > begin) body += ',';
    body.append(one.prefix).append(narrow_.text(here));
  }
  // The decoder refuses bodies that 32 bits cannot address, and the columns are shorter than the points they come from.
  return {label, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(body.size() - begin)};
}

time_series_answer widener::take() { return std::move(wide_); }

time_series_answer widen(time_series_answer answer, const std::vector<std::string>& columns) {
  widener one(std::move(answer), columns);
  while (!one.advance()) {
  }
  return one.take();
}

}  // namespace oes
