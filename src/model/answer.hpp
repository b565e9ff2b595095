#pragma once
// An answer as it arrived, and as it was understood.
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/column_set.hpp"
#include "model/time.hpp"

namespace oes {

/// The body of a 200 answer, complete and inflated, not yet understood.
struct raw_answer {
  std::string body;
  utc_time received_at;
  utc_time served_at = {};  ///< when it was handed over, by its own `Date`: what its labels are judged by
};

/// Labels of one series from the answer's `columns`, sorted by name, in the API's names (`region`, `fueltech`, …).
/// Values as text; JSON booleans are `true` and `false`.
using series_labels = std::vector<std::pair<std::string, std::string>>;

/// One value of one series. The number is the text the API sent, as a slice of `time_series_answer::body`.
struct point {
  network_time label;
  std::uint32_t offset = 0;
  std::uint32_t size = 0;  ///< 0: null
  [[nodiscard]] bool is_null() const { return size == 0; }
};

/// Wide: of these columns the answer says nothing at a label, neither a number nor null.
struct missing_columns {
  network_time label;
  column_set columns = 0;
};

struct series {
  series_labels labels;
  std::vector<point> points;  ///< strictly ascending labels
  /// Known of it from elsewhere: in its records, but neither in their keys nor in the ledger.
  series_labels also = {};
  std::vector<missing_columns> lacks = {};  ///< wide: labels of which columns are left out, ascending
};

/// Points that are not believed, and the label of one of them.
struct left_out_points {
  std::size_t count = 0;
  network_time example = {};
  void add(std::size_t points, network_time label) {
    if (points > 0) example = label;
    count += points;
  }
  void add(const left_out_points& more) { add(more.count, more.example); }
};

/// All series of one metric.
struct metric_block {
  std::string metric;
  std::string unit;
  std::vector<series> all;  ///< sorted by labels: the server's order changes between answers
  /// The same (series, label) again with another value: the least number was kept.
  left_out_points conflicting = {};
  /// Of series that were not asked for: without a label that the request groups by, or with one that it does not.
  left_out_points unasked = {};
  std::size_t unasked_series = 0;
  void add_left_out(const metric_block& of) {
    conflicting.add(of.conflicting);
    unasked.add(of.unasked);
    unasked_series += of.unasked_series;
  }
};

/// A validated answer. Owns the body that its points refer to; move-only.
struct time_series_answer {
  std::unique_ptr<std::string> body;  ///< heap: a move of the answer must not move the text
  utc_time received_at;
  utc_time served_at = {};           ///< when it was handed over, by its own `Date`
  std::vector<metric_block> blocks;  ///< at most one per metric
  [[nodiscard]] std::string_view text(const point& p) const { return std::string_view(*body).substr(p.offset, p.size); }
};

}  // namespace oes
