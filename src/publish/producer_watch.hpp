#pragma once
// What is told of the producers there were, and of who leads: written on the blocking thread, read by whoever shows it.
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "async/clock.hpp"
#include "telemetry/kafka_statistics.hpp"

namespace oes {

struct producers_told {
  std::optional<kafka_statistics> statistics;  ///< the newest
  steady_time statistics_at;
  std::map<std::string, std::int64_t> replaced;  ///< how many a new one took the place of, by reason
  std::string leader;  ///< which other instance leads, as the group has told; empty: not known
};

/// From any thread.
class producer_watch {
 public:
  /// librdkafka's statistics as JSON.
  void told(std::string_view json);
  /// `reason` as in docs/monitoring.md.
  void replaced(std::string_view reason);
  void leads(std::string other_instance);
  [[nodiscard]] producers_told known() const;

 private:
  mutable std::mutex mutex_;
  producers_told known_;
};

}  // namespace oes
