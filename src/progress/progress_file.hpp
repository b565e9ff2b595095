#pragma once
// progress.json: the hashed mirror of the progress topic, for people, tools and the check at start (delivery.md §4).
#include <optional>
#include <string>

#include "model/error.hpp"
#include "model/progress.hpp"

namespace oes {

/// What was found under a progress path.
struct found_progress {
  std::optional<progress_snapshot> snapshot;          ///< from progress.json, else from .prev
  bool from_previous = false;                         ///< taken from progress.json.prev
  std::optional<network_time> replaced_source_start;  ///< a file of the old form {"timestamp": …}
  std::string damage;                                 ///< why progress.json could not be read; empty: nothing wrong
};

/// Never throws for what a file holds. io_error only where the folder itself cannot be read.
result<found_progress> read_progress_file(const std::string& folder);
/// Temp file 0600 in the folder, fsync, old one kept as .prev, rename, fsync of the folder.
result<void> write_progress_file(const std::string& folder, const progress_snapshot& snapshot);

}  // namespace oes
