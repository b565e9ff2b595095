#pragma once
// Where topics and their partitions begin and end.
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace oes {

struct partition_extent {
  std::int32_t number = 0;
  std::int64_t begin = 0;
  std::int64_t end = 0;  ///< what comes next
};

struct topic_extent {
  std::vector<partition_extent> partitions;
  std::int64_t first = 0;          ///< sum of the partitions' first offsets: above 0, records were deleted
  std::int64_t offsets = 0;        ///< from there to the end; markers and aborted records count
  std::set<std::int32_t> thinned;  ///< partitions whose first offset is not 0
};
using topic_extents = std::map<std::string, topic_extent>;

}  // namespace oes
