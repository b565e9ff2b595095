#pragma once
// The answers to the batches of one question, made one answer. Pure.
#include <optional>
#include <string_view>
#include <unordered_map>

#include "decode/duplicates.hpp"
#include "model/answer.hpp"
#include "model/error.hpp"
#include "model/facility.hpp"
#include "model/request.hpp"

namespace oes {

/// Keeps of each part the numbers alone: a third of its bytes. Series whose unit the identity does not want are left
/// out; the others learn their facility from the list (answers label units only). Borrows both, which outlive it.
class answer_joiner {
 public:
  answer_joiner(const group_identity& id, const facility_list& list);

  /// The next part; the one before has been taken in.
  void add(time_series_answer part);
  /// Takes about `points` points of it in. true: all of it. Error: malformed (a metric in two units, more series than
  /// an answer may have).
  result<bool> take_in(std::size_t points);
  [[nodiscard]] bool empty() const { return parts_ == 0; }
  /// Settles about `points` points of the whole. true: finished. Error: malformed.
  result<bool> drop_duplicates(std::size_t points);
  /// The whole, as one decode would have given it; once, after drop_duplicates() returned true.
  time_series_answer take() { return std::move(whole_); }

 private:
  result<std::size_t> block_for(const metric_block& of);
  result<void> take_in_series(const series& one);
  [[nodiscard]] bool is_wanted(const series& one, const facility_unit* unit) const;
  series copied(const series& one);

  const group_identity& id_;
  std::unordered_map<std::string_view, const facility_unit*> units_;
  time_series_answer whole_;
  time_series_answer part_;  ///< being taken in:
  std::size_t block_ = 0;    ///< of it
  std::size_t next_ = 0;     ///< series of that block
  std::size_t into_ = 0;     ///< block of the whole
  std::size_t parts_ = 0;
  std::size_t series_ = 0, label_bytes_ = 0;
  std::size_t deduplicated_blocks_ = 0;
  std::optional<duplicate_dropper> deduplicating_;
};

}  // namespace oes
