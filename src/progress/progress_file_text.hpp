#pragma once
// Internal to progress/: the text of progress.json. Pure.
#include <optional>
#include <string>
#include <string_view>

#include "model/progress.hpp"
#include "progress/mirrored_delivery.hpp"
#include "progress/sealed_month.hpp"

namespace oes {

/// What one file says: a snapshot, or the start of an old form.
struct progress_text {
  std::optional<progress_snapshot> snapshot;
  mirrored_delivery delivery = mirrored_delivery::exactly_once;
  std::optional<network_time> replaced_source_start;  ///< on NEM's clock
  std::optional<utc_time> replaced_source_instant;    ///< the same, where the file has an offset
  sealed_list sealed;                                 ///< months that `snapshot` lacks: they lie beside the file
};

/// Months in `sealed` are named by their hash; all others are in the text.
std::string write_progress_text(const progress_snapshot& snapshot, mirrored_delivery delivery,
                                const sealed_list& sealed = {});
/// errc::damaged says why the text may not be believed.
result<progress_text> read_progress_text(std::string_view text);

}  // namespace oes
