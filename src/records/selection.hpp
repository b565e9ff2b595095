#pragma once
// Which points of an answer are to be published, and as which revision.
#include <cstddef>
#include <cstdint>
#include <vector>

#include "model/answer.hpp"
#include "model/range_set.hpp"

namespace oes {

/// Parallel to `metric_block::all[series].points`: the revision to publish, or `skip`.
inline constexpr std::uint16_t skip = 0xFFFF;

struct selection {
  std::size_t block = 0;                              ///< index into time_series_answer::blocks
  std::vector<std::vector<std::uint16_t>> revisions;  ///< [series][point]
  std::size_t chosen = 0;
  std::size_t nulls = 0;  ///< points passed over because they are null and were never published
};

/// Without a ledger: every point whose label lies in one of `wanted` is new (revision 0), once.
selection select_new(const time_series_answer& answer, std::size_t block, const std::vector<time_range>& wanted,
                     bool publish_nulls);

}  // namespace oes
