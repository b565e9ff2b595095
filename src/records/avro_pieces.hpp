#pragma once
// As series_pieces.hpp, in Avro's binary encoding: the parts of a series' records that are the same in each of them.
#include <string>
#include <string_view>
#include <vector>

#include "model/answer.hpp"
#include "records/record_options.hpp"
#include "records/record_text.hpp"

namespace oes {

/// A value is: `frame` interval (`head` number `between` number | `without`) period `labels` revision version tail.
/// Wide: what stands between `head` and the period is made for each record.
struct avro_pieces {
  std::string key;  ///< as in series_pieces
  std::string frame;
  std::string head;     ///< `network_code` to the metric columns before the record's own, and the mark that it is set
  std::string between;  ///< the columns after it, to the mark that `value` is set
  std::string without;  ///< instead of these, where there is no number
  std::string labels;   ///< `fueltech` to `grouping`
  std::string tail;
  std::string edge_tail;  ///< the same for points at the provisional edge
  bool wide = false;
};

avro_pieces make_avro_pieces(const metric_block& block, const series& one, const record_options& options,
                             utc_time fetched_at);

/// As those of series_pieces (record_text.hpp).
std::size_t fixed_size(const avro_pieces& pieces);
std::size_t most_of_number(const avro_pieces& pieces, std::size_t size);
char* put_value(char* at, const avro_pieces& pieces, const label_text& label, const record_point& point);

}  // namespace oes
