#pragma once
// Kafka's progress against the file's: which one holds, or why neither may be trusted (delivery.md §3.6). Pure.
#include <optional>
#include <string>

#include "model/error.hpp"
#include "model/progress.hpp"
#include "progress/progress_file.hpp"

namespace oes {

struct reconcile_input {
  std::optional<progress_snapshot> kafka;
  found_progress file;
  std::string cluster_id;       ///< of the cluster we are connected to
  bool data_topics_empty = false;  ///< every data topic of the streams (absent counts as empty)
  bool fresh_allowed = false;   ///< the operator's one-shot `progress fresh`
};

struct reconcile_decision {
  progress_snapshot start_from;
  bool rewrite_file = false;
  std::optional<network_time> start_override;  ///< from a file of the old form: where streams begin, one day early
  std::string note;     ///< one line for the log; empty: nothing to say
};

/// errc::refused: the context names the case, what each side knows, and the ways out with their cost.
result<reconcile_decision> reconcile(const reconcile_input& input);

}  // namespace oes
