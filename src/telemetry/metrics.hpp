#pragma once
// Counters and histograms of the daemon, and the exposition of all its series; prometheus-cpp stays in the .cpp.
// Gauges, and whatever is told of a stream, are made of the status board at each scrape (status_metrics.hpp).
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "telemetry/status_board.hpp"

namespace oes {

enum class leadership_change { gained, lost };

class metrics {
 public:
  /// `deployment` is a label of every series of ours.
  explicit metrics(std::string deployment);
  ~metrics();
  metrics(const metrics&) = delete;
  metrics& operator=(const metrics&) = delete;

  /// endpoint: dataset(), or "me"; outcome: "ok" or name(errc).
  void request(std::string_view endpoint, std::string_view outcome, std::chrono::steady_clock::duration took,
               std::size_t bytes);
  /// A cycle failed, for this reason (name(errc)), and is tried again.
  void retried(std::string_view reason);
  /// outcome: "committed" or name(errc).
  void transaction(std::string_view outcome, std::chrono::steady_clock::duration took, std::int64_t records);
  void leadership(leadership_change change);
  /// All there were since the start.
  void log_lines_dropped(std::size_t lines);
  /// Text exposition format; `status`, as it is now, is part of it.
  [[nodiscard]] std::string exposition(const daemon_status& status) const;

 private:
  struct machinery;
  std::unique_ptr<machinery> machinery_;
};

}  // namespace oes
