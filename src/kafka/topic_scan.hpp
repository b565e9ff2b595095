#pragma once
// Topics read from their beginnings to their ends, for checks. Blocking; needs no group and no right but to read.
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "kafka/connection_settings.hpp"
#include "kafka/topic_extent.hpp"
#include "model/error.hpp"
#include "model/topic_offsets.hpp"
#include "telemetry/log.hpp"

namespace oes {

/// What comes next in each partition.
next_offsets ends_of(const topic_extents& extents);

struct scanned_record {
  const std::string& topic;
  std::int32_t partition = 0;
  std::string_view key;
  std::string_view value;  ///< of a tombstone: empty
  std::int64_t offset = 0;
};

struct scan_watch {
  /// Every committed record, in the order of its partition.
  std::function<void(const scanned_record&)> record;
  /// Now and then: how many offsets are read, of how many.
  std::function<void(std::int64_t done, std::int64_t of)> progress;
  /// Asked with each record, and now and then without one: false ends the scan (stopped). May be empty.
  std::function<bool()> goes_on = {};
};

/// Of every partition that answers within a moment, and of all together within ten seconds: the offset that comes next,
/// as a read_uncommitted handle sees it.
next_offsets topic_ends(const connection_settings& settings, const std::vector<std::string>& topics, logger& log);

/// A topic that is not there counts as empty. kafka_unavailable: a minute went by without anything new.
result<topic_extents> measure_topics(const connection_settings& settings, const std::vector<std::string>& topics,
                                     logger& log);
/// Reads what was measured, no more and no less: who measures may compare first. kafka_refused: the right to read the
/// topic that is named is missing; kafka_unavailable, stopped as above.
result<void> scan_topics(const connection_settings& settings, isolation_level level, const topic_extents& extents,
                         const scan_watch& watch, logger& log);

}  // namespace oes
