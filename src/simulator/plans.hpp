#pragma once
// The API's plans and their limits (api.md §7).
#include <optional>
#include <span>
#include <string_view>

#include "model/interval.hpp"

namespace oes::sim {

enum class plan_code { community, pro, academic, enterprise };

struct plan_info {
  plan_code code;
  std::string_view id;  ///< "COMMUNITY"
  std::string_view name;
  std::string_view description;
  std::string_view price;
  int daily_credits;  ///< -1: unlimited
  int per_second;
  int key_limit;
  bool wide;         ///< the larger bucket limits
  int history_days;  ///< -1: all
  std::string_view historical_data;
  std::string_view license;
  std::string_view feature;
  std::string_view call_to_action;  ///< empty: a hidden plan
};

std::span<const plan_info> all_plans();
const plan_info& plan_of(plan_code code);
std::optional<plan_code> parse_plan(std::string_view id);

/// Largest range in whole days; 7 for sizes that the plans do not name (fy).
int max_days(plan_code plan, interval_size size);

}  // namespace oes::sim
