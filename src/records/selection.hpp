#pragma once
// Which points of an answer are to be published, and as which revision: the diff with the ledger.
#include <cstddef>
#include <cstdint>
#include <vector>

#include "model/answer.hpp"
#include "model/column_set.hpp"
#include "model/range_set.hpp"
#include "model/stream.hpp"
#include "records/ledger.hpp"
#include "records/value_hash.hpp"

namespace oes {

/// Parallel to `metric_block::all[series].points`: the revision to publish, or `skip`.
inline constexpr std::uint16_t skip = 0xFFFF;

struct selection {
  std::size_t block = 0;                              ///< index into time_series_answer::blocks
  std::vector<std::vector<std::uint16_t>> revisions;  ///< [series][point]
  std::size_t chosen = 0;
  std::size_t revised = 0;     ///< of these: published before, with another value
  std::size_t unchanged = 0;   ///< published before, and the same
  std::size_t nulls = 0;       ///< of the new labels: passed over because they are null and were never published
  std::size_t left_alone = 0;  ///< published before with a number in a column of which the answer says nothing
  std::size_t left_out = 0;    ///< published before, asked for again, and not in the answer
  /// Labels after `news_from` of which a number is chosen where none was published, ascending: late series, filled
  /// holes.
  std::vector<network_time> late;
};

/// Labels in [compare_from, news_from) have been passed by the stream: published points are compared, others are late.
/// Labels in [news_from, until) are taken now. All other labels are left alone.
struct selection_question {
  network_time compare_from;
  network_time news_from;
  network_time until;
  revision_policy revisions = revision_policy::all;
  bool publish_nulls = false;
  column_set columns = all_columns;  ///< of a wide stream
  time_range asked = {};             ///< the labels that were asked for; empty: nothing is missed
  number_form numbers = number_form::as_written;
};

/// The choice, in slices: an answer may have millions of points. Borrows answer and ledger.
class change_selection {
 public:
  change_selection(const time_series_answer& answer, std::size_t block, const ledger& published,
                   const selection_question& question);

  /// Looks at about `points` points. true: finished.
  bool advance(std::size_t points);
  /// Once, after advance() returned true.
  selection take();

 private:
  void look_at(const series& one);
  [[nodiscard]] bool count_published(std::size_t points);

  const time_series_answer& answer_;
  const std::vector<series>& all_;
  const ledger& published_;
  selection_question question_;
  time_range read_again_;  ///< labels that were passed before, and asked for again
  std::size_t next_ = 0;
  std::uint16_t next_published_ = 0;  ///< the series of the ledger that is counted next
  std::size_t published_there_ = 0;   ///< points in `read_again_` that were published
  std::size_t answered_there_ = 0;    ///< of these: in the answer
  selection out_;
};

/// The same in one go.
/// A point with a number that was never published is revision 0. A published one whose number differs, or that turned
/// null or a number again, is the next revision (guarantee.md §1); with revision_policy::first it is left alone. A null
/// that was never published is passed over unless `publish_nulls`. A point that the answer leaves out says nothing, nor
/// does a wide one of which it leaves out a column that was published with a number.
selection select_changes(const time_series_answer& answer, std::size_t block, const ledger& published,
                         const selection_question& question);

/// Leaves alone what lies outside of `labels`.
void restrict_to(selection& chosen, const metric_block& block, const range_set& labels);

}  // namespace oes
