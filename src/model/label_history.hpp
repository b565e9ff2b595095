#pragma once
// What became of every label of a member, from its first day on: published, a gap, or silent. A block a month, each
// bounded; a copy costs a pointer a month, a change the months that it touches.
#include <compare>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/month_labels.hpp"
#include "model/range_set.hpp"

namespace oes {

/// A hole in the API's data that the stream has gone past.
struct gap {
  time_range range;
  std::string reason;  ///< "no_data" (404 though newer data exists, missing labels), "malformed", "too_large", "seek",
                       ///< "history" (older than the plan reaches)
  utc_time found_at;
  std::optional<utc_time> given_up_at = {};  ///< not asked for any more: its data is too old
  bool operator==(const gap&) const = default;
};

struct gap_counts {
  std::int64_t open = 0;
  std::int64_t given_up = 0;
  std::int64_t passed = 0;  ///< by an operator
  [[nodiscard]] std::int64_t all() const { return open + given_up + passed; }
};

inline constexpr time_range all_time{network_time::min(), network_time::max()};
/// Whether a time may be one of a stream: a `start:` of long ago, but nothing after the year 2199, whatever a label or
/// a clock says.
bool is_plausible(network_time t);

class label_history {
 public:
  using month = std::chrono::year_month;
  /// Shared by the copies of a state; never changed.
  using block = std::shared_ptr<const month_labels>;

  void cover(time_range range);
  /// Only where nothing is known: what is covered, silent or a gap already stays what it is.
  void add_gap(const gap& hole);
  /// Gaps and silence there are unknown again; what is covered stays.
  void close(time_range range);
  /// Nothing is known there any more.
  void forget(time_range range);

  [[nodiscard]] bool covers(network_time label) const;
  /// Covered, silent or a gap.
  [[nodiscard]] bool knows(network_time label) const;
  [[nodiscard]] range_set covered(time_range within = all_time) const;
  [[nodiscard]] range_set silent(time_range within = all_time) const;
  [[nodiscard]] std::vector<gap> gaps(time_range within = all_time) const;
  /// Those that are still asked for: neither given up nor passed by an operator. Looks into no month without one.
  [[nodiscard]] std::vector<gap> open_gaps() const;
  [[nodiscard]] gap_counts count_gaps() const;
  /// Behind the newest covered label.
  [[nodiscard]] std::optional<network_time> covered_until() const;
  [[nodiscard]] bool empty() const { return blocks_.empty(); }

  [[nodiscard]] const std::map<month, block>& blocks() const { return blocks_; }
  /// An empty one takes the month away.
  void put(month which, month_labels labels);

  bool operator==(const label_history& other) const;

 private:
  friend class history_edit;
  std::map<month, block> blocks_;
};

/// Many changes at once: a month is unpacked and packed once.
class history_edit {
 public:
  explicit history_edit(label_history& to) : to_(to) {}
  void cover(time_range range);
  void add_gap(const gap& hole);
  void close(time_range range);
  void forget(time_range range);
  void finish();

 private:
  template <typename Change>
  void each(time_range range, bool make, const Change& change);
  month_cells* open(label_history::month which, bool make);

  label_history& to_;
  std::map<label_history::month, month_cells> open_;
};

}  // namespace oes
