#include "decode/answer_reader.hpp"

#include <algorithm>
#include <utility>

#include "decode/kept_text.hpp"

namespace oes {
namespace {

constexpr std::string_view over_blocks = "it has more than 256 metrics";
static_assert(most_blocks == 256);

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
  const bool settled = drop_duplicates_of_blocks(tokens);
  if (deduplicating_ && deduplicating_->too_long()) return malformed(labels_over_bound);
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
  same->add_left_out(block_);
  return {};
}

// Names what it is about, never the text itself.
answer_reader::complaint answer_reader::not_kept(std::string_view what, std::string_view reason) {
  reason_ = std::string(what) + ' ' + std::string(reason);
  return reason_;
}

bool answer_reader::drop_duplicates_of_blocks(std::size_t points) {
  while (deduplicated_blocks_ < blocks_.size()) {
    if (points == 0) return false;
    if (!deduplicating_) {
      deduplicating_.emplace(blocks_[deduplicated_blocks_].all, body_);
      // Sorting took about this much.
      points -= std::min(points, blocks_[deduplicated_blocks_].all.size());
    }
    if (!deduplicating_->advance(points)) return false;
    if (deduplicating_->too_long()) return true;
    blocks_[deduplicated_blocks_].conflicting.add(deduplicating_->conflicting());
    deduplicating_.reset();
    ++deduplicated_blocks_;
  }
  return true;
}

}  // namespace oes
