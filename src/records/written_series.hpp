#pragma once
// A series as its records are written: in the format of its topic.
#include <algorithm>
#include <variant>

#include "records/avro_pieces.hpp"
#include "records/series_pieces.hpp"

namespace oes {

using written_series = std::variant<series_pieces, avro_pieces>;

inline std::size_t most_of_number(const series_pieces& /*unused*/, std::size_t size) { return most_of_number(size); }

inline written_series write_series(const metric_block& block, const series& one, const record_options& options,
                                   utc_time fetched_at) {
  if (options.format == record_format::avro) return make_avro_pieces(block, one, options, fetched_at);
  return make_series_pieces(block, one, options, fetched_at);
}

}  // namespace oes
