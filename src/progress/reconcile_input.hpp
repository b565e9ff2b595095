#pragma once
// What is held against each other before progress is believed.
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "model/progress.hpp"
#include "progress/progress_file.hpp"

namespace oes {

/// Who says what Kafka must hold: the file at a process's first term, its memory from then on.
enum class witness { file, memory };

struct reconcile_input {
  std::optional<progress_snapshot> kafka;
  found_progress file;  ///< the witness
  witness by = witness::file;
  std::string cluster_id;          ///< of the cluster we are connected to; empty: not known, not compared
  bool data_topics_empty = false;  ///< every data topic of the streams (absent counts as empty)
  bool fresh_allowed = false;      ///< the operator's one-shot `progress fresh`
  std::optional<utc_time> now;     ///< a file of the old form that says more is taken to say this; none: it is believed
  std::string topic;               ///< our progress topic; empty: not compared with the file's
  std::int64_t end = -1;           ///< of the progress partition; -1: not known, not compared
  std::map<std::int64_t, std::string> chains = {};  ///< as read from Kafka, by sequence
  next_offsets ends = {};      ///< of the data topics: the offset that comes next; what is missing is not compared
  std::int64_t broken_at = 0;  ///< last_version of the newest operator's change that broke with what was before
};

}  // namespace oes
