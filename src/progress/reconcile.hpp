#pragma once
// Kafka's progress against the file's: which one holds, or why neither may be trusted (guarantee.md §3). Pure.
#include <optional>
#include <string>

#include "model/error.hpp"
#include "model/progress.hpp"
#include "progress/reconcile_input.hpp"

namespace oes {

struct reconcile_decision {
  progress_snapshot start_from;
  /// From a file of the old form: where streams begin, one day early; one day before now where it lies in the future
  /// (the replaced source counts on without looking at the clock, and streams would wait in silence). The claim's
  /// transaction should carry members that begin there, else a crash before a stream's first commit forgets it (the
  /// file is replaced by the mirror).
  std::optional<network_time> start_override;
  std::string note;  ///< one line for the log; empty: nothing to say
  /// Kafka does not hold start_from's members: the claim's transaction must carry them all (encode_changes from {}).
  bool write_members = false;
  bool by_permit = false;  ///< the one-shot `progress fresh` was needed, and is used up
};

/// errc::refused: the context names the case, what each side knows, and the ways out with their cost.
///
/// Stricter than the table where it leaves room: a file that is there but unreadable (or an old form found only as
/// .prev) is not an absent one, so with nothing in Kafka it is refused even over empty data topics; a file of another
/// progress topic is refused like one of another cluster.
result<reconcile_decision> reconcile(const reconcile_input& input);

/// The progress topic cannot be read for what it holds (damaged record, falling sequence): the reader's error with the
/// ways out.
error unreadable_topic(const error& why, const std::string& topic);

}  // namespace oes
