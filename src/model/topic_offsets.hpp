#pragma once
// Offsets in partitions of topics: how far they were written, which a later reading of Kafka must not fall short of.
#include <algorithm>
#include <cstdint>
#include <map>
#include <string>

namespace oes {

using partition_offsets = std::map<std::int32_t, std::int64_t>;
/// By topic, and by partition. Two meanings, each under its own name:
using topic_offsets = std::map<std::string, partition_offsets>;
using last_offsets = topic_offsets;  ///< the highest that a committed transaction wrote, or that lay there at a claim
using next_offsets = topic_offsets;  ///< where the next record will land: one after the last

/// Raises what is known to what has come; nothing falls.
inline void raise(last_offsets& known, const last_offsets& come) {
  for (const auto& [topic, partitions] : come) {
    for (const auto& [partition, offset] : partitions) {
      auto& end = known[topic].try_emplace(partition, offset).first->second;
      end = std::max(end, offset);
    }
  }
}

/// What lies in the partitions that end there.
inline last_offsets last_of(const next_offsets& ends) {
  last_offsets out;
  for (const auto& [topic, partitions] : ends) {
    for (const auto& [partition, end] : partitions) {
      if (end > 0) out[topic][partition] = end - 1;
    }
  }
  return out;
}

}  // namespace oes
