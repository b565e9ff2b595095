#pragma once
// What a plan of the API allows (api.md §7).
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "model/interval.hpp"

namespace oes {

struct plan_limits {
  std::string_view plan;
  std::optional<std::int64_t> credits_per_day;  ///< nullopt: unlimited
  double requests_per_second = 2;
  std::optional<std::chrono::days> history;  ///< nullopt: all

  /// Longest range of one request. The server counts whole days, so a range of exactly this length passes.
  [[nodiscard]] std::chrono::days max_window(interval_size size) const;
};

/// COMMUNITY for a plan that we do not know: what the server grants an anonymous caller.
plan_limits limits_of(std::string_view plan);

}  // namespace oes
