#pragma once
// What a record of a data topic says of its point: enough to compare an answer with it. Pure.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/answer.hpp"
#include "model/error.hpp"
#include "model/time.hpp"
#include "verify/record_identity.hpp"

namespace oes {

struct data_point {
  std::string stream;
  std::string metric;
  record_identity identity;
  network_time interval;
  series_labels labels;  ///< as in the record's key
  std::string number;    ///< the text that was published; empty: null; of a wide record its columns
  std::int64_t revision = 0;
  std::int64_t version = 0;
};

/// `columns`: of wide records, whose metric is `*`. damaged: not a record of ours.
result<data_point> read_data_point(std::string_view key, std::string_view value,
                                   const std::vector<std::string>& columns);

}  // namespace oes
