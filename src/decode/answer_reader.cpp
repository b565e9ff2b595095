#include "decode/answer_reader.hpp"

#include <algorithm>
#include <utility>

#include "decode/kept_text.hpp"
#include "model/answer_bounds.hpp"

namespace oes {
namespace {

constexpr std::size_t max_labels = 16;
// The exact text of a double needs up to 767 digits; nothing that is a measurement comes near this.
constexpr std::size_t max_number = 512;
constexpr std::size_t tokens_per_point = 4;
constexpr std::size_t shortest_point = 24;  // ["2026-01-01T00:00Z",0],
// Long texts and blanks take time as well.
constexpr std::size_t bytes_per_token = 64;
constexpr std::string_view over_series = "it has more than 20,000 series";
static_assert(most_series == 20'000);
constexpr std::string_view over_labels = "a series has more than 200,000 labels";
static_assert(most_labels == 200'000);
constexpr std::string_view over_blocks = "it has more than 256 metrics";
static_assert(most_blocks == 256);
constexpr std::string_view over_bytes = "its series would give more than 16 MiB of records for one interval";
static_assert(most_label_bytes == 16UL * 1024 * 1024);

bool opens(json_token token) { return token == json_token::begin_object || token == json_token::begin_array; }
bool closes(json_token token) { return token == json_token::end_object || token == json_token::end_array; }

}  // namespace

answer_reader::answer_reader(std::string& body, expected_answer expected)
    : body_(body), expected_(std::move(expected)), scanner_(body), labels_(expected_.net) {}

error answer_reader::malformed(std::string_view wrong) const {
  return {.code = errc::malformed,
          .context = "malformed answer: " + std::string(wrong) + ", at byte " + std::to_string(scanner_.position()) +
                     " of " + std::to_string(body_.size()),
          .retry_after = {}};
}

result<bool> answer_reader::advance(std::size_t tokens) {
  while (tokens > 0 && !read_) {
    if (place_ == place::points && skipping_ == 0) {
      read_plain_points(tokens);
      if (tokens == 0) break;
    }
    const auto before = scanner_.position();
    const auto token = scanner_.next();
    tokens -= std::min(tokens, 1 + (scanner_.position() - before) / bytes_per_token);
    if (token == json_token::end) {
      read_ = true;
      break;
    }
    const auto wrong = token == json_token::fault ? scanner_.what_failed() : read(token);
    if (!wrong.empty()) return malformed(wrong);
  }
  if (!read_) return false;
  const bool settled = settle_blocks(tokens);
  if (settling_ && settling_->too_long()) return malformed(over_labels);
  return settled;
}

answer_reader::complaint answer_reader::read(json_token token) {
  if (skipping_ > 0) return skip(token);
  switch (place_) {
    case place::outside:
      return read_outside(token);
    case place::envelope:
      return read_envelope(token);
    case place::blocks:
      return read_blocks(token);
    case place::block:
      return read_block(token);
    case place::results:
      return read_results(token);
    case place::one_series:
      return read_series(token);
    case place::columns:
      return read_columns(token);
    case place::points:
      return read_points(token);
    case place::one_point:
      return read_one_point(token);
  }
  return {};
}

// A value of an unknown key, whatever it is.
answer_reader::complaint answer_reader::skip(json_token token) {
  if (opens(token)) ++skipping_;
  if (closes(token)) --skipping_;
  return {};
}

answer_reader::complaint answer_reader::read_outside(json_token token) {
  if (token != json_token::begin_object) return "it is not an object";
  place_ = place::envelope;
  return {};
}

answer_reader::complaint answer_reader::read_envelope(json_token token) {
  if (token == json_token::key) {
    const auto key = scanner_.text();
    field_ = key == "success" ? field::success : key == "data" ? field::data : field::unknown;
    return {};
  }
  if (token == json_token::end_object) {
    place_ = place::outside;
    return has_data_ ? complaint{} : "it has no data";
  }
  if (field_ == field::success) {
    if (token != json_token::boolean) return "success is not a boolean";
    return scanner_.truth() ? complaint{} : "it says success: false";
  }
  if (field_ != field::data) return skip(token);
  if (token != json_token::begin_array) return "data is not an array";
  if (std::exchange(has_data_, true)) return "it has data twice";
  place_ = place::blocks;
  return {};
}

answer_reader::complaint answer_reader::read_blocks(json_token token) {
  if (token == json_token::end_array) {
    place_ = place::envelope;
    return {};
  }
  if (token != json_token::begin_object) return "a metric's block is not an object";
  if (++block_count_ > most_blocks) return over_blocks;
  block_ = {};
  network_code_.clear();
  interval_.clear();
  has_results_ = false;
  place_ = place::block;
  return {};
}

answer_reader::complaint answer_reader::read_block(json_token token) {
  if (token == json_token::key) {
    static constexpr std::pair<std::string_view, field> known[] = {{"metric", field::metric},
                                                                   {"unit", field::unit},
                                                                   {"network_code", field::network_code},
                                                                   {"interval", field::interval},
                                                                   {"results", field::results}};
    field_ = field::unknown;
    for (const auto& [name, value] : known) {
      if (scanner_.text() == name) field_ = value;
    }
    return {};
  }
  if (token == json_token::end_object) return finish_block();
  switch (field_) {
    case field::metric:
      return keep_text(token, block_.metric);
    case field::unit:
      return keep_text(token, block_.unit);
    case field::network_code:
      return keep_text(token, network_code_);
    case field::interval:
      return keep_text(token, interval_);
    case field::results:
      break;
    case field::unknown:
    case field::success:
    case field::data:
    case field::columns:
      return skip(token);
  }
  if (token != json_token::begin_array) return "results is not an array";
  if (std::exchange(has_results_, true)) return "a metric's block has results twice";
  place_ = place::results;
  return {};
}

answer_reader::complaint answer_reader::keep_text(json_token token, std::string& into) {
  if (token != json_token::text) return "a metric's description is not a string";
  if (const auto reason = why_not_kept(scanner_.text())) return not_kept("a metric's description", *reason);
  into = scanner_.text();
  return {};
}

answer_reader::complaint answer_reader::finish_block() {
  place_ = place::blocks;
  if (block_.metric.empty() || block_.unit.empty()) return "a metric's block lacks its metric or unit";
  if (!has_results_) return "a metric's block has no results";
  if (!network_code_.empty() && network_code_ != code(expected_.net)) return "it is for another network";
  if (expected_.interval && !interval_.empty() && interval_ != code(*expected_.interval)) {
    return "it is for another interval";
  }
  const auto& wanted = expected_.metrics;
  if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), block_.metric) == wanted.end()) return {};
  const auto same = std::find_if(blocks_.begin(), blocks_.end(),
                                 [this](const metric_block& have) { return have.metric == block_.metric; });
  if (same == blocks_.end()) {
    blocks_.push_back(std::move(block_));
    return {};
  }
  if (same->unit != block_.unit) return "a metric comes twice, in two units";
  std::move(block_.all.begin(), block_.all.end(), std::back_inserter(same->all));
  return {};
}

answer_reader::complaint answer_reader::read_results(json_token token) {
  if (token == json_token::end_array) {
    place_ = place::block;
    return {};
  }
  if (token != json_token::begin_object) return "a series is not an object";
  if (++series_count_ > most_series) return over_series;
  series_ = {};
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
  conflicts_ += settle_points(series_.points, body_);
  // What was set aside for more points than came must not add up over thousands of series.
  if (series_.points.capacity() > 2 * series_.points.size() + 64) series_.points.shrink_to_fit();
  label_bytes_ += estimated_record_bytes(series_);
  if (label_bytes_ > most_label_bytes) return over_bytes;
  block_.all.push_back(std::move(series_));
  return {};
}

// Names what it is about, never the text itself.
answer_reader::complaint answer_reader::not_kept(std::string_view what, std::string_view reason) {
  reason_ = std::string(what) + ' ' + std::string(reason);
  return reason_;
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
  if (token == json_token::null) return {};
  if (opens(token)) return "a label is neither text, number nor boolean";
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
  if (series_.points.size() == most_labels) return over_labels;
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

bool answer_reader::settle_blocks(std::size_t points) {
  while (settled_blocks_ < blocks_.size()) {
    if (points == 0) return false;
    if (!settling_) {
      settling_.emplace(blocks_[settled_blocks_].all, body_);
      // Sorting took about this much.
      points -= std::min(points, blocks_[settled_blocks_].all.size());
    }
    if (!settling_->advance(points)) return false;
    if (settling_->too_long()) return true;
    conflicts_ += settling_->conflicts();
    settling_.reset();
    ++settled_blocks_;
  }
  return true;
}

}  // namespace oes
