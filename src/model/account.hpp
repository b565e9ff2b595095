#pragma once
// What an API key may do.
#include <cstdint>
#include <optional>
#include <string>

namespace oes {

/// As far as the API tells (`/me`, api.md §7): zero credits are left out by the server, so nullopt is not zero.
struct account {
  std::string plan;  ///< "COMMUNITY", "ACADEMIC", "PRO", "ENTERPRISE", or what the server says; empty: unknown
  std::optional<std::int64_t> credits_remaining;
  std::optional<double> requests_per_second;
};

}  // namespace oes
