#pragma once
// progress.json: the hashed mirror of the progress topic, for people, tools and the check at start (guarantee.md §2).
// Its `sha256` is that of the file without it in canonical form: `jq -cSj 'del(.sha256)' progress.json | sha256sum`.
#include <optional>
#include <string>

#include "model/error.hpp"
#include "model/progress.hpp"
#include "progress/mirrored_delivery.hpp"

namespace oes {

/// What was found under a progress path.
struct found_progress {
  std::optional<progress_snapshot> snapshot;  ///< from progress.json, else from .prev
  bool from_previous = false;                 ///< taken from progress.json.prev
  /// A file of the old form {"timestamp": …}, as it stands there (naive; one with an offset: in +10:00). Beside a
  /// snapshot: the old form lies over progress of ours, which is in .prev.
  std::optional<network_time> replaced_source_start;
  std::string damage;  ///< why progress.json could not be read; empty: nothing wrong
  mirrored_delivery delivery = mirrored_delivery::exactly_once;  ///< of `snapshot`
  /// Sealed months of `snapshot` that are not there, or not what they were, and why: it is evidence of how far Kafka
  /// had come, but nothing to go on from. Told in `damage` too.
  std::string missing_months;
};

/// Never throws for what a file holds. io_error only where the folder itself cannot be read.
result<found_progress> read_progress_file(const std::string& folder);
/// Sealed months, then temp file 0600 in the folder, fsync, old one kept as .prev, rename, fsync of the folder. Once:
/// who writes again and again holds a progress_mirror.
result<void> write_progress_file(const std::string& folder, const progress_snapshot& snapshot,
                                 mirrored_delivery delivery = mirrored_delivery::exactly_once);

}  // namespace oes
