#pragma once
// The grammar of a time series answer (api.md §3), one JSON token after the other.
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "decode/duplicates.hpp"
#include "decode/expected_answer.hpp"
#include "decode/json_scanner.hpp"
#include "decode/label_parser.hpp"
#include "model/answer.hpp"
#include "model/answer_bounds.hpp"
#include "model/error.hpp"

namespace oes {

class answer_reader {
 public:
  /// Borrows `body`, which is overwritten in parts and must stay where it is.
  answer_reader(std::string& body, expected_answer expected);

  /// true: the whole answer is understood and valid. Its bounds (model/answer_bounds.hpp) are checked while it is read.
  result<bool> advance(std::size_t tokens);
  std::vector<metric_block> take_blocks() { return std::move(blocks_); }

 private:
  enum class place { outside, envelope, blocks, block, results, one_series, columns, points, one_point };
  enum class field { unknown, success, data, metric, unit, network_code, interval, results, columns };
  /// What is wrong with a token; empty: nothing.
  using complaint = std::string_view;
  static constexpr complaint labels_over_bound = "a series has more than 200,000 labels";
  static_assert(most_labels == 200'000);

  complaint read(json_token token);
  complaint read_outside(json_token token);
  complaint read_envelope(json_token token);
  complaint read_blocks(json_token token);
  complaint read_block(json_token token);
  complaint read_results(json_token token);
  complaint read_series(json_token token);
  complaint read_columns(json_token token);
  complaint read_points(json_token token);
  complaint read_one_point(json_token token);
  complaint skip(json_token token);
  void read_plain_points(std::size_t& tokens);
  complaint keep_text(json_token token, std::string& into);
  complaint keep_label(json_token token);
  complaint keep_value(json_token token);
  [[nodiscard]] bool is_asked_for() const;
  complaint finish_series();
  complaint finish_block();
  complaint not_kept(std::string_view what, std::string_view reason);
  /// After the last token, in slices too. true: finished.
  bool drop_duplicates_of_blocks(std::size_t points);
  [[nodiscard]] error malformed(std::string_view wrong) const;

  std::string& body_;
  expected_answer expected_;
  json_scanner scanner_;
  label_parser labels_;

  place place_ = place::outside;
  field field_ = field::unknown;
  unsigned skipping_ = 0;  ///< depth inside a value that nobody wants
  bool has_data_ = false;

  metric_block block_;
  std::string network_code_, interval_;
  bool has_results_ = false;

  series series_;
  std::string label_name_;
  std::vector<std::string_view> named_;  ///< of the labels asked for those that the series has, null or not
  bool has_columns_ = false, has_points_ = false;

  point point_;
  int elements_ = 0;  ///< of the point at hand
  std::size_t usual_points_ = 0;

  std::vector<metric_block> blocks_;
  std::size_t series_count_ = 0, block_count_ = 0, label_bytes_ = 0;  ///< of the whole answer, wanted or not
  std::string reason_;                                                ///< of a complaint that has to be put together

  bool read_ = false;  ///< the last token has been seen
  std::size_t deduplicated_blocks_ = 0;
  std::optional<duplicate_dropper> deduplicating_;
};

}  // namespace oes
