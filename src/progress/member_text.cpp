#include "progress/member_text.hpp"

#include <algorithm>

namespace oes {
namespace {

constexpr std::size_t ranges_shown = 5;

std::int64_t labels_in(const time_range& r, interval_size interval) {
  if (const auto step = fixed_step(interval)) return (r.end - r.begin + *step - std::chrono::seconds(1)) / *step;
  std::int64_t count = 0;
  for (auto at = r.begin; at < r.end; at = bucket_add(at, interval, 1)) ++count;
  return count;
}

}  // namespace

std::string member_name(const member_key& key) { return key.first + "/" + key.second; }

std::string ranges_text(const std::vector<time_range>& ranges, network net) {
  std::string out;
  const auto shown = std::min(ranges.size(), ranges_shown);
  for (std::size_t i = 0; i < shown; ++i) {
    if (i > 0) out += ", ";
    out += format(ranges[i].begin, utc_offset(net)) + " … " + format(ranges[i].end, utc_offset(net));
  }
  if (ranges.size() > shown) out += " and " + std::to_string(ranges.size() - shown) + " more ranges";
  return out;
}

std::vector<time_range> ranges_beyond(const range_set& of, const range_set& but_not) {
  std::vector<time_range> out;
  for (const auto& range : of.ranges()) {
    const auto missing = but_not.missing(range);
    out.insert(out.end(), missing.begin(), missing.end());
  }
  return out;
}

interval_size interval_of(const member_progress& member) {
  // `network|NEM|5m|…`: canonical() of model/request.hpp.
  const std::string_view identity = member.identity;
  const auto first = identity.find('|');
  const auto second = first == std::string_view::npos ? first : identity.find('|', first + 1);
  if (second == std::string_view::npos) return interval_size::m5;
  const auto rest = identity.substr(second + 1);
  return parse_interval_size(rest.substr(0, rest.find('|'))).value_or(interval_size::m5);
}

std::int64_t count_covered(const member_progress& member) {
  const auto step = fixed_step(interval_of(member));
  if (!step) return count_labels(member.labels.covered().ranges(), interval_of(member));
  std::int64_t cells = 0;
  for (const auto& [month, one] : member.labels.blocks()) cells += one->covered_cells;
  return cells / std::max<std::int64_t>(1, *step / month_cells::size);
}

std::int64_t count_labels(const std::vector<time_range>& ranges, interval_size interval) {
  std::int64_t count = 0;
  for (const auto& range : ranges) count += labels_in(range, interval);
  return count;
}

}  // namespace oes
