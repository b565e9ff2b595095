#pragma once
// What an API key may do.
#include <cstdint>
#include <optional>
#include <string>

#include "model/time.hpp"

namespace oes {

/// As far as the API tells (`/me`, api.md §7).
struct account {
  std::string plan;  ///< "COMMUNITY", "ACADEMIC", "PRO", "ENTERPRISE", or what the server says; empty: unknown
  /// 0 too where the server leaves it out of `credits`; nullopt: not told, or the plan has no limit.
  std::optional<std::int64_t> credits_remaining;
  std::optional<utc_time> credits_reset;  ///< often the key's expiry instead of the day's end: do not rely on it
  std::optional<double> requests_per_second;
  std::string doubtful = {};  ///< what could not be understood, by name; empty: nothing
};

}  // namespace oes
