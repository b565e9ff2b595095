#pragma once
// Labels are believed only where they can be true: on the grid, within what was asked, not ahead of the clock. What
// else an answer says is left out before anything looks at it, so that no label of its kind moves a position, makes or
// closes a gap, or counts as the newest. What was left out while it was read is counted here as well. Pure.
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "model/answer.hpp"
#include "model/error.hpp"
#include "model/range_set.hpp"
#include "model/request.hpp"

namespace oes {

enum class label_fault {
  before_window,  ///< its data begins before what was asked
  after_window,   ///< its data ends after what was asked
  ahead,          ///< its data ends more than one interval from now
  off_grid,       ///< not where an interval of its size is labelled
  unasked,        ///< of a series that was not asked for (metric_block::unasked)
  conflicting,    ///< again, with another value (metric_block::conflicting)
};
inline constexpr std::array label_faults{label_fault::before_window, label_fault::after_window,
                                         label_fault::ahead,         label_fault::off_grid,
                                         label_fault::unasked,       label_fault::conflicting};
/// `before_window` and so on: the word in metrics, status and logs.
std::string_view name(label_fault fault);

struct label_question {
  const group_identity& identity;
  time_window window;  ///< as it was asked for, in labels
  network_time now;    ///< the network's clock: judged_at()
};

/// The network's clock when the answer was handed over, as it says itself; without that, as far as the time is `known`.
network_time judged_at(const time_series_answer& answer, network net, utc_time known);

/// Points left out, by reason, and one label of each.
struct skipped_labels {
  std::array<std::size_t, label_faults.size()> count{};
  std::array<network_time, label_faults.size()> example{};
  [[nodiscard]] std::size_t of(label_fault fault) const { return count[static_cast<std::size_t>(fault)]; }
  [[nodiscard]] network_time example_of(label_fault fault) const { return example[static_cast<std::size_t>(fault)]; }
};
struct metric_skipped {
  std::string metric;
  skipped_labels skipped;
  bool doubted = false;  ///< among them are some that were asked for: by the answer's own time they cannot be there yet
};

/// The first label whose data ends more than one interval after `now`: a live query cannot have it.
network_time first_ahead(const group_identity& identity, network_time now);

/// Takes out of `answer` what cannot be true. A label is judged by its data, which the API's text does not always say
/// (model/interval.hpp): seasons that a request brings along although they are labelled before the window are left out
/// too, and not counted. In slices. Borrows answer and question.
class label_check {
 public:
  label_check(time_series_answer& answer, const label_question& question);

  /// Judges about `points` points. true: finished.
  bool advance(std::size_t points);
  /// Once, after advance() returned true: what was left out, by metric. Error: unexpected_labels, when most
  /// series were not asked for, or most of their points are wrong: then the API's contract has changed and nothing of
  /// the answer may be used.
  result<std::vector<metric_skipped>> take();

 private:
  [[nodiscard]] bool keeps(const point& one);
  void finish_series(std::vector<point>& points);
  void count_left_out(label_fault fault, const left_out_points& points);
  void finish_block();

  time_series_answer& answer_;
  const label_question& question_;
  std::size_t block_ = 0;
  std::size_t series_ = 0;  ///< of the block
  std::size_t at_ = 0;      ///< of the series: judged, of which `kept_` stay, in front
  std::size_t kept_ = 0;
  std::size_t wrong_ = 0;   ///< of the series' points
  skipped_labels skipped_;  ///< of the block
  bool doubted_ = false;    ///< likewise
  std::vector<metric_skipped> out_;
  std::size_t all_series_ = 0;
  std::size_t wrong_series_ = 0;
};

/// The same in one go.
result<std::vector<metric_skipped>> leave_out_wrong_labels(time_series_answer& answer, const label_question& question);

}  // namespace oes
