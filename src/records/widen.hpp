#pragma once
// Shape `wide` (records.md §6): the metrics of an answer side by side, one text of columns per (series, interval).
#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "model/answer.hpp"

namespace oes {

/// Turns an answer into one with a single block, metric `*`, whose points hold `"power":1.5,"energy":0.4` where others
/// hold a number: everything after it (selection, ledger, builder) works as for one metric. Columns come in the order
/// given, those that are null are left out, and a point is null where all are. What one metric has (a series, a label)
/// and another lacks is noted (series::lacks): the answer says nothing of it. In slices, so that a large answer does
/// not hold up the loop.
class widener {
 public:
  /// `columns`: the metrics asked for; blocks of other metrics are left out.
  widener(time_series_answer answer, const std::vector<std::string>& columns);

  /// Takes about `steps` steps (a series set beside others, an interval joined); true: that was the last.
  bool advance(std::size_t steps);
  /// Once, after advance() returned true.
  time_series_answer take();

 private:
  struct column {
    const series* from = nullptr;  ///< none: this metric has no such series
    std::size_t at = 0;
  };
  using row = std::vector<column>;

  void add_series();
  bool join_next();
  [[nodiscard]] point join(row& columns, network_time label);

  time_series_answer narrow_;
  time_series_answer wide_;
  std::vector<std::string> prefixes_;  ///< of each column: `"power":`
  std::vector<column_set> sets_;       ///< of each column
  std::vector<std::pair<const metric_block*, std::size_t>>
      blocks_;                         ///< still to be set side by side, and their columns
  std::size_t at_ = 0;                 ///< of the last block
  std::map<series_labels, row> rows_;  ///< series still to be joined
  bool joining_ = false;               ///< the first of them has been begun
};

/// The same in one go.
time_series_answer widen(time_series_answer answer, const std::vector<std::string>& columns);

}  // namespace oes
