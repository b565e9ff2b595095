// The inner half of answer_reader: the series of a metric's block, with their labels and points.
#include <algorithm>
#include <utility>

#include "decode/answer_reader.hpp"
#include "decode/kept_text.hpp"

namespace oes {
namespace {

constexpr std::size_t max_labels = 16;
// The exact text of a double needs up to 767 digits; nothing that is a measurement comes near this.
constexpr std::size_t max_number = 512;
constexpr std::size_t tokens_per_point = 4;
constexpr std::size_t shortest_point = 24;  // ["2026-01-01T00:00Z",0],
constexpr std::string_view over_series = "it has more than 20,000 series";
static_assert(most_series == 20'000);
constexpr std::string_view over_label_bytes = "its series would give more than 16 MiB of records for one interval";
static_assert(most_label_bytes == 16UL * 1024 * 1024);

}  // namespace

answer_reader::complaint answer_reader::read_results(json_token token) {
  if (token == json_token::end_array) {
    place_ = place::block;
    return {};
  }
  if (token != json_token::begin_object) return "a series is not an object";
  if (++series_count_ > most_series) return over_series;
  series_ = {};
  named_.clear();
  has_columns_ = false;
  has_points_ = false;
  place_ = place::one_series;
  return {};
}

answer_reader::complaint answer_reader::read_series(json_token token) {
  if (token == json_token::key) {
    const auto key = scanner_.text();
    field_ = key == "columns" ? field::columns : key == "data" ? field::data : field::unknown;
    return {};
  }
  if (token == json_token::end_object) return finish_series();
  if (field_ == field::columns) {
    if (token != json_token::begin_object) return "a series' columns are not an object";
    if (std::exchange(has_columns_, true)) return "a series has columns twice";
    place_ = place::columns;
    return {};
  }
  if (field_ != field::data) return skip(token);
  if (token != json_token::begin_array) return "a series' data is not an array";
  if (std::exchange(has_points_, true)) return "a series has data twice";
  // No more than what is left of the body can hold.
  series_.points.reserve(std::min(usual_points_, (body_.size() - scanner_.position()) / shortest_point));
  place_ = place::points;
  return {};
}

// A series that lacks its region would be taken for the whole network, and one that has more labels than were asked for
// for another series beside it.
bool answer_reader::is_asked_for() const {
  if (!expected_.labels) return true;
  const auto& [asked, others] = *expected_.labels;
  return named_.size() == asked.size() &&
         std::none_of(series_.labels.begin(), series_.labels.end(), [&others = others](const auto& label) {
           return std::find(others.begin(), others.end(), label.first) != others.end();
         });
}

answer_reader::complaint answer_reader::finish_series() {
  place_ = place::results;
  if (!has_columns_) return "a series has no columns";
  if (!has_points_) return "a series has no data";
  std::sort(series_.labels.begin(), series_.labels.end());
  const auto same_name = [](const auto& a, const auto& b) { return a.first == b.first; };
  if (std::adjacent_find(series_.labels.begin(), series_.labels.end(), same_name) != series_.labels.end()) {
    return "a series has a label twice";
  }
  usual_points_ = series_.points.size();
  if (!is_asked_for()) {
    ++block_.unasked_series;
    if (!series_.points.empty()) block_.unasked.add(series_.points.size(), series_.points.back().label);
    return {};
  }
  block_.conflicting.add(drop_duplicates(series_.points, body_));
  // What was set aside for more points than came must not add up over thousands of series.
  if (series_.points.capacity() > 2 * series_.points.size() + 64) series_.points.shrink_to_fit();
  label_bytes_ += estimated_record_bytes(series_);
  if (label_bytes_ > most_label_bytes) return over_label_bytes;
  block_.all.push_back(std::move(series_));
  return {};
}

answer_reader::complaint answer_reader::read_columns(json_token token) {
  if (token == json_token::end_object) {
    place_ = place::one_series;
    return {};
  }
  if (token != json_token::key) return keep_label(token);
  if (const auto reason = why_not_kept(scanner_.text())) return not_kept("a label's name", *reason);
  label_name_ = scanner_.text();
  return {};
}

answer_reader::complaint answer_reader::keep_label(json_token token) {
  if (expected_.labels) {
    const auto& asked = expected_.labels->asked;
    const auto name = std::find(asked.begin(), asked.end(), label_name_);
    if (name != asked.end()) named_.push_back(*name);
  }
  if (token == json_token::null) return {};
  if (token == json_token::begin_object || token == json_token::begin_array)
    return "a label is neither text, number nor boolean";
  if (series_.labels.size() == max_labels) return "a series has too many labels";
  if (token == json_token::boolean) {
    series_.labels.emplace_back(label_name_, scanner_.truth() ? "true" : "false");
    return {};
  }
  if (const auto reason = why_not_kept(scanner_.text())) return not_kept("label '" + label_name_ + "'", *reason);
  series_.labels.emplace_back(label_name_, scanner_.text());
  return {};
}

void answer_reader::read_plain_points(std::size_t& tokens) {
  plain_pair pair;
  while (tokens > 0 && series_.points.size() < most_labels && scanner_.peek(pair)) {
    if (!labels_.parse_plain(pair.label, point_.label)) return;
    point_.offset = pair.value.empty() ? 0 : static_cast<std::uint32_t>(pair.value.data() - body_.data());
    point_.size = static_cast<std::uint32_t>(pair.value.size());
    series_.points.push_back(point_);
    scanner_.accept(pair);
    tokens -= std::min(tokens, tokens_per_point);
  }
}

answer_reader::complaint answer_reader::read_points(json_token token) {
  if (token == json_token::end_array) {
    place_ = place::one_series;
    return {};
  }
  if (token != json_token::begin_array) return "a point is not an array";
  if (series_.points.size() == most_labels) return labels_over_bound;
  elements_ = 0;
  place_ = place::one_point;
  return {};
}

answer_reader::complaint answer_reader::read_one_point(json_token token) {
  if (token == json_token::end_array) {
    if (elements_ != 2) return "a point is not a pair";
    series_.points.push_back(point_);
    place_ = place::points;
    return {};
  }
  if (elements_ == 2) return "a point is not a pair";
  if (++elements_ == 2) return keep_value(token);
  if (token != json_token::text) return "a point's time is not a string";
  const auto label = labels_.parse(scanner_.text());
  if (!label) return "a point's time is not an ISO 8601 time with an offset";
  point_.label = *label;
  return {};
}

answer_reader::complaint answer_reader::keep_value(json_token token) {
  point_.offset = 0;
  point_.size = 0;
  if (token == json_token::null) return {};
  if (token != json_token::number) return "a point's value is neither a number nor null";
  const auto text = scanner_.text();
  if (text.size() > max_number) return "a number is too long";
  point_.offset = static_cast<std::uint32_t>(text.data() - body_.data());
  point_.size = static_cast<std::uint32_t>(text.size());
  return {};
}

}  // namespace oes
