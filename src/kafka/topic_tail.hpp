#pragma once
// Topics followed as they grow, for people and pipes. Blocking; read_committed, joins no group, needs no right but to
// read.
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "kafka/connection_settings.hpp"
#include "kafka/newest_kept.hpp"
#include "model/error.hpp"
#include "model/time.hpp"
#include "telemetry/log.hpp"

namespace oes {

struct from_earliest {};
struct from_latest {};
/// What was produced then or later.
struct from_time {
  utc_time at;
};
/// The newest records of all partitions together, the oldest of them first.
struct from_newest {
  std::int64_t count = 0;
};
using tail_start = std::variant<from_earliest, from_latest, from_time, from_newest>;

enum class tail_end {
  never,
  at_ends_seen,  ///< the last stable offsets when it began
};

struct tail_watch {
  /// Every committed record; partitions in their order, tombstones with an empty value.
  std::function<void(const std::string& topic, std::string_view key, std::string_view value)> record;
  /// By what from_newest chooses; none: it does not count one. Asked before it is handed over.
  std::function<std::optional<record_age>(std::string_view key, std::string_view value, utc_time produced)> age;
  /// Asked with each record, and some times a second without one: false ends it.
  std::function<bool()> goes_on;
  /// Nothing more is there at the moment.
  std::function<void()> caught_up;
};

/// Partitions that are added while it follows, and topics that come, are read from their beginnings within a minute.
/// Returns when `goes_on` or `until` ends it. kafka_refused: none of the topics is there, or one may not be read;
/// kafka_unavailable: Kafka does not answer, or nothing came for a minute on the way to the ends. A topic that is not
/// there beside others is told by the log.
result<void> tail_topics(const connection_settings& settings, const std::vector<std::string>& topics,
                         const tail_start& from, tail_end until, const tail_watch& watch, logger& log);

}  // namespace oes
