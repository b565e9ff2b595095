#pragma once
// How much one answer may hold. Real ones stay far below: the largest list of units times all metrics is some 5,000
// series, the longest window of 5-minute data about 9,000 labels.
#include <cstddef>

#include "model/answer.hpp"

namespace oes {

/// Series of one answer, those of all metrics and batches together.
inline constexpr std::size_t most_series = 20'000;
/// Labels of one series.
inline constexpr std::size_t most_labels = 200'000;
/// Blocks (metrics) of one answer.
inline constexpr std::size_t most_blocks = 256;
/// A label goes into Kafka whole, in one transaction: bytes of the records that one label of an answer may give.
inline constexpr std::size_t most_label_bytes = 16UL * 1024 * 1024;
/// Series ids are 16 bits: what a metric of a stream may have published in its life.
inline constexpr std::size_t most_series_of_a_member = 65'535;

/// An upper estimate of a record of this series: its labels stand in the key (percent-encoded) and in the value, its
/// longest number twice.
inline std::size_t estimated_record_bytes(const series& one) {
  constexpr std::size_t fixed = 640;
  constexpr std::size_t copies_of_labels = 5;
  std::size_t text = 0;
  for (const auto& [name, value] : one.labels) text += name.size() + value.size() + 8;
  std::size_t longest = 0;
  for (const auto& point : one.points) longest = point.size > longest ? point.size : longest;
  return fixed + copies_of_labels * text + 2 * longest;
}

}  // namespace oes
