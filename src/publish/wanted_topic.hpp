#pragma once
// A topic as the daemon needs it.
#include <string>

namespace oes {

enum class topic_use {
  data,            ///< kept for ever unless an operator sets otherwise
  data_by_series,  ///< the same, of records whose key names a series: compaction is refused
  newest_only,     ///< compacted; anything else is warned about
  progress,        ///< one partition, compacted; anything else is refused
};

struct wanted_topic {
  std::string name;
  int partitions = 3;
  topic_use use = topic_use::data;
};

}  // namespace oes
