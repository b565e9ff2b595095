#pragma once
// The parts of a series' records that are the same in each of them, written once.
#include <string>

#include "model/answer.hpp"
#include "records/record_options.hpp"

namespace oes {

/// A record is: key = `key` [+ interval]; value = `{"interval":"` interval `"` head [number] `,"value":` number-or-null
/// `,"interval_size":…` [bounds] labels revision `,"version":` version tail `}`
struct series_pieces {
  std::string key;            ///< `v1|NEM|5m|power|fueltech=wind,region=NSW1|`
  std::string head;           ///< `,"network_code":"NEM","metric":"power",…,"power":`
  std::size_t null_head = 0;  ///< how much of `head` a record without a number has: not the metric's column
  std::string labels;         ///< `,"fueltech":"wind",…,"stream":"…","grouping":"…","revision":`
  bool value_column = true;   ///< not in wide records: what stands in the number's place is all columns
  std::string edge_tail;      ///< the same for points at the provisional edge; never longer
  std::string tail;           ///< `,"provisional":…,"fetched_at":"…","extra":{…}}`
};

series_pieces make_series_pieces(const metric_block& block, const series& one, const record_options& options,
                                 utc_time fetched_at);

}  // namespace oes
