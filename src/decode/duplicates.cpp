#include "decode/duplicates.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <tuple>

#include "model/answer_bounds.hpp"

namespace oes {
namespace {

double number(std::string_view text) {
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

// Null last; of equal numbers the shorter text, so that there is always one choice.
auto rank(const point& one, std::string_view body) {
  const auto text = body.substr(one.offset, one.size);
  return std::make_tuple(one.is_null(), number(text), text.size(), text);
}

bool same_value(const point& a, const point& b, std::string_view body) {
  if (a.is_null() || b.is_null()) return a.is_null() == b.is_null();
  const auto left = body.substr(a.offset, a.size);
  const auto right = body.substr(b.offset, b.size);
  return left == right || number(left) == number(right);
}

}  // namespace

left_out_points drop_duplicates(std::vector<point>& points, std::string_view body) {
  const auto not_after = [](const point& a, const point& b) { return a.label >= b.label; };
  if (std::adjacent_find(points.begin(), points.end(), not_after) == points.end()) return {};
  std::stable_sort(points.begin(), points.end(), [](const point& a, const point& b) { return a.label < b.label; });
  left_out_points conflicting;
  auto last = points.begin();
  for (auto next = std::next(last); next != points.end(); ++next) {
    if (next->label != last->label) {
      *++last = *next;
      continue;
    }
    if (!same_value(*last, *next, body)) conflicting.add(1, next->label);
    if (rank(*next, body) < rank(*last, body)) *last = *next;
  }
  points.erase(std::next(last), points.end());
  return conflicting;
}

duplicate_dropper::duplicate_dropper(std::vector<series>& all, std::string_view body) : all_(all), body_(body) {
  std::stable_sort(all_.begin(), all_.end(), [](const series& a, const series& b) { return a.labels < b.labels; });
  kept_.reserve(all_.size());
}

bool duplicate_dropper::advance(std::size_t& points) {
  constexpr std::size_t handling = 16;  // what a series takes beside its points
  while (at_ < all_.size() && !too_long_) {
    const auto cost = take_next() + handling;
    points -= std::min(points, cost);
    if (points == 0) break;
  }
  if (at_ < all_.size() && !too_long_) return false;
  all_ = std::move(kept_);
  return true;
}

// All parts of one series at once: settling after each of them would take the square of their number.
std::size_t duplicate_dropper::take_next() {
  auto& one = kept_.emplace_back(std::move(all_[at_++]));
  std::size_t parts = 1;
  for (; at_ < all_.size() && all_[at_].labels == one.labels; ++at_, ++parts) {
    const auto& more = all_[at_].points;
    one.points.insert(one.points.end(), more.begin(), more.end());
    one.lacks.insert(one.lacks.end(), all_[at_].lacks.begin(), all_[at_].lacks.end());
    too_long_ = too_long_ || one.points.size() > 2 * most_labels;
    if (too_long_) return 0;
  }
  if (parts == 1) return 0;
  std::stable_sort(one.lacks.begin(), one.lacks.end(),
                   [](const missing_columns& a, const missing_columns& b) { return a.label < b.label; });
  const auto size = one.points.size();
  conflicting_.add(drop_duplicates(one.points, body_));
  too_long_ = one.points.size() > most_labels;
  return size;
}

}  // namespace oes
