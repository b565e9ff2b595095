#include "decode/settle.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>

namespace oes {
namespace {

double number(std::string_view text) {
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

bool same_value(const point& a, const point& b, std::string_view body) {
  if (a.is_null() || b.is_null()) return a.is_null() == b.is_null();
  const auto left = body.substr(a.offset, a.size);
  const auto right = body.substr(b.offset, b.size);
  return left == right || number(left) == number(right);
}

}  // namespace

std::size_t settle_points(std::vector<point>& points, std::string_view body) {
  const auto not_after = [](const point& a, const point& b) { return a.label >= b.label; };
  if (std::adjacent_find(points.begin(), points.end(), not_after) == points.end()) return 0;
  std::stable_sort(points.begin(), points.end(), [](const point& a, const point& b) { return a.label < b.label; });
  std::size_t conflicts = 0;
  auto last = points.begin();
  for (auto next = std::next(last); next != points.end(); ++next) {
    if (next->label != last->label) {
      ++last;
    } else if (!same_value(*last, *next, body)) {
      ++conflicts;
    }
    *last = *next;
  }
  points.erase(std::next(last), points.end());
  return conflicts;
}

std::size_t settle_series(std::vector<series>& all, std::string_view body) {
  std::stable_sort(all.begin(), all.end(), [](const series& a, const series& b) { return a.labels < b.labels; });
  std::size_t conflicts = 0;
  std::vector<series> merged;
  merged.reserve(all.size());
  for (auto& one : all) {
    if (merged.empty() || merged.back().labels != one.labels) {
      merged.push_back(std::move(one));
      continue;
    }
    auto& points = merged.back().points;
    points.insert(points.end(), one.points.begin(), one.points.end());
    conflicts += settle_points(points, body);
  }
  all = std::move(merged);
  return conflicts;
}

}  // namespace oes
