#pragma once
// Where a transaction's records have landed, as their delivery reports say. Pure.
#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "model/topic_offsets.hpp"

namespace oes {

/// Of one partition. librdkafka reports a delivery without its offset where a later batch's success (`IMPLICITACK`,
/// RD_KAFKA_OFFSET_INVALID), or the broker's DUPLICATE_SEQUENCE_NUMBER (-1), shows that an earlier try was written.
/// From the latter it counts on for the rest of the batch: -1, 0, 1 (2.0.2 to 2.8). So one report without an offset
/// makes the partition's others worth nothing.
class partition_landing {
 public:
  void take(std::int64_t offset) {
    told_ = told_ && offset >= 0;
    first_ = any_ ? std::min(first_, offset) : offset;
    last_ = any_ ? std::max(last_, offset) : offset;
    any_ = true;
  }
  /// nullopt: there was none, or it was not told.
  [[nodiscard]] std::optional<std::int64_t> first() const {
    return any_ && told_ ? std::optional(first_) : std::nullopt;
  }
  [[nodiscard]] std::optional<std::int64_t> last() const { return any_ && told_ ? std::optional(last_) : std::nullopt; }

 private:
  bool any_ = false;
  bool told_ = true;
  std::int64_t first_ = -1;
  std::int64_t last_ = -1;
};

struct landings {
  partition_landing progress;
  std::map<std::string, std::map<std::int32_t, partition_landing>, std::less<>> data;

  void take(std::string_view topic, std::int32_t partition, std::int64_t offset) {
    auto found = data.find(topic);
    if (found == data.end()) found = data.try_emplace(std::string(topic)).first;
    found->second[partition].take(offset);
  }
  /// The highest offset in each data partition of which it is known.
  [[nodiscard]] last_offsets written() const {
    last_offsets out;
    for (const auto& [topic, partitions] : data) {
      for (const auto& [partition, landed] : partitions) {
        if (const auto last = landed.last()) out[topic][partition] = *last;
      }
    }
    return out;
  }
};

}  // namespace oes
