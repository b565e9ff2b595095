#pragma once
// How far the data topics were written: what a later reading of Kafka must not fall short of.
#include <algorithm>
#include <cstdint>
#include <map>
#include <string>

namespace oes {

/// By partition: the highest offset that a committed transaction wrote there.
using partition_ends = std::map<std::int32_t, std::int64_t>;
/// By topic.
using data_ends = std::map<std::string, partition_ends>;

/// Raises what is known to what has come; nothing falls.
inline void raise(data_ends& known, const data_ends& come) {
  for (const auto& [topic, partitions] : come) {
    for (const auto& [partition, offset] : partitions) {
      auto& end = known[topic].try_emplace(partition, offset).first->second;
      end = std::max(end, offset);
    }
  }
}

}  // namespace oes
