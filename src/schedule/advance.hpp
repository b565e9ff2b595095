#pragma once
// What an answer lets a member do: which labels to publish, how far to go, what turned out to be a hole.
#include <chrono>
#include <vector>

#include "model/interval.hpp"
#include "model/range_set.hpp"
#include "model/request.hpp"
#include "model/stream.hpp"

namespace oes {

/// A label of the answer, over all series of one metric.
struct seen_label {
  network_time label;
  bool has_number = false;  ///< at least one series has a number there
};

struct advance_question {
  interval_size interval = interval_size::m5;
  time_window window;
  network_time position;         ///< the member's own, may lie after or inside the window
  std::vector<seen_label> seen;  ///< ascending, unique
  network_time now;
  std::chrono::seconds hole_after = std::chrono::hours(1);
  edge_policy edge = edge_policy::held_back;
  network_time waits_from = network_time::max();  ///< labels from here on are not whole yet
  /// What is behind the window's last bucket cannot be read, however often it is asked for.
  bool proof_is_unreadable = false;
};

struct advance_answer {
  bool moved = false;     ///< false: no label is taken, position stays; there may be revisions all the same
  network_time position;  ///< one step past the last label taken
  std::vector<time_range> publish;
  std::vector<time_range> holes;  ///< labels passed over: missing, or null in every series
};

/// An answer moves the position by the labels that it has, and no farther. Of 5m:
/// - Trailing labels that are null everywhere are "not yet" until they are `hole_after` old.
/// - Where an explicit window's tail is missing and the last label is younger than `hole_after`, that label may be the
///   provisional one, which only a live query withholds: with `edge: held_back` it is left for the next request.
/// Of 1h and more, whose buckets the API serves however little of them the feed has brought:
/// - A bucket is taken, with a number or as a hole, where the answer has a number whose data lie after its end; or
///   once it has been over for `latest_at_edge` (or `hole_after`, if that is longer): then nothing comes any more.
///   Where the data after it cannot be read, `hole_after` has to do: what comes later is a revision.
/// Of both: labels that wait, and what comes after them, are left for the next request too.
advance_answer advance_through(const advance_question& question);

/// How far an answer to a window shows that the feed has come: whole is a label whose data end there or before. What is
/// older than `settled` is whole in any case.
network_time filled_until(interval_size interval, const time_window& window, const std::vector<seen_label>& seen,
                          network_time settled);

}  // namespace oes
