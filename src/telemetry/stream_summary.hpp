#pragma once
// A stream as one row: its metrics together, the slowest and the worst of them counting. For metrics and the page.
// Pure.
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "telemetry/status_board.hpp"

namespace oes {

struct stream_summary {
  std::string name;
  std::vector<const member_status*> members;  ///< of the status it was made of; at least one
  const member_status* worst = nullptr;       ///< whose state it is
  const member_status* slowest = nullptr;     ///< with the oldest newest interval; null: none has one
  stream_state state = stream_state::starting;
  std::optional<std::int64_t> lag;  ///< of the slowest, in seconds
  std::optional<std::chrono::seconds> expected_lag;
  std::optional<std::chrono::seconds> late_after;
  std::optional<utc_time> next_poll;
  std::optional<utc_time> last_success;  ///< nullopt: a metric has had none
  std::optional<utc_time> last_commit;
  std::optional<std::chrono::seconds> trigger;
  std::optional<std::chrono::seconds> granted;
  std::int64_t records = 0;
  std::int64_t revised = 0;
  std::int64_t unchanged = 0;
  std::int64_t nulls = 0;
  std::map<std::string, std::int64_t> points_skipped;
  std::int64_t open_gaps = 0;
  std::int64_t given_up_gaps = 0;
  std::int64_t ledger_points = 0;
  std::int64_t ledger_bytes = 0;
  bool topic_refused = false;
  bool ended_process = false;
};

/// By name.
std::vector<stream_summary> summaries(const daemon_status& status);

/// It is read here, so what is known of its times is of now.
bool is_read_here(stream_state state);

}  // namespace oes
