#pragma once
// The one judgement of the daemon's health: from what the status board knows to a level and its reasons. /readyz,
// status and its page, systemd's STATUS=, the metrics and the log all tell this one. Pure.
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "telemetry/status_board.hpp"

namespace oes {

struct health_reason {
  health_level level = health_level::degraded;
  std::string_view kind;  ///< one of health_kinds()
  std::string subject;    ///< what it is about; stays the same while the words may change
  std::string what;
  std::optional<utc_time> since;
  std::string then;  ///< when it goes on, or what to do; may be empty
};

/// Every kind of reason there is: the labels of the metrics.
std::span<const std::string_view> health_kinds();

struct health {
  health_level level = health_level::ok;
  std::vector<health_reason> reasons;  ///< the worst first; none when ok
};

/// The worst that a kind of reason does.
health_level level_of(const health& judged, std::string_view kind);

health judge_health(const daemon_status& known);

/// `degraded: stream fuel …; since …; goes on at …`: one line for people; `ok` without reasons.
std::string line_of(const health& judged);
/// The same, what and when alone.
std::string line_of(const health_reason& reason);
/// Whether the log has something new to tell: another level, or other subjects.
bool same_judgement(const health& a, const health& b);

}  // namespace oes
