#pragma once
// What the schedule room can be told.
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace oes {

/// Exponential backoff with full jitter: a wait is uniform in (0, min(cap, base · 2^attempt)].
struct backoff_settings {
  std::chrono::milliseconds base = std::chrono::seconds(2);
  std::chrono::milliseconds cap = std::chrono::minutes(5);
};

struct schedule_settings {
  std::chrono::seconds trigger_offset = std::chrono::seconds(70);  ///< after the aligned instant (api.md §5)
  std::chrono::seconds trigger_jitter = std::chrono::seconds(10);
  backoff_settings retry;
  backoff_settings limit{std::chrono::minutes(2), std::chrono::hours(1)};  ///< after 401 with a good key
  bool learn_arrivals = true;  ///< place live polls where new labels were seen to appear; false: fixed triggers
  std::chrono::seconds probe_rejected = std::chrono::hours(1);  ///< 400/422 and bad keys
  /// A window that stays empty this long after its end is probed past (api.md §8).
  std::chrono::seconds hole_after = std::chrono::hours(1);
  std::chrono::seconds gap_retry = std::chrono::hours(24);         ///< gaps older than the horizon are asked for again
  std::chrono::seconds gap_give_up = std::chrono::hours(30 * 24);  ///< until their data is this old
};

struct budget_settings {
  std::string plan = "auto";  ///< COMMUNITY, ACADEMIC, PRO, ENTERPRISE, or auto: ask /me, else COMMUNITY
  std::optional<std::int64_t> credits_per_day;  ///< overrides the plan's
  std::optional<double> requests_per_second;    ///< overrides the plan's
  double share = 0.9;                           ///< of the day's credits; the rest is left to others of the key
  std::chrono::seconds resets_at{0};            ///< UTC time of day at which the credit day begins
};

}  // namespace oes
