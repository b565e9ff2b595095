#include "simulator/plans.hpp"

#include <array>

namespace oes::sim {
namespace {

// Texts as GET /plans answers them.
constexpr auto plans = std::to_array<plan_info>({
    {plan_code::community, "COMMUNITY", "Community", "For hobbyists and initial experiments", "Free", 500, 2, 1, false,
     730, "2 years", "Non-commercial use", "Community support", "upgrade"},
    {plan_code::pro, "PRO", "Pro", "For professionals and power users", "Free", 5000, 5, 10, true, -1, "Full",
     "Non-commercial use", "Priority email support", ""},
    {plan_code::academic, "ACADEMIC", "Academic", "For researchers and students at accredited institutions", "Free",
     2000, 2, 5, true, -1, "Full", "Non-commercial use", "Community support", "academic"},
    {plan_code::enterprise, "ENTERPRISE", "Enterprise", "For organisations that need full access and support", "Custom",
     -1, 10, -1, true, -1, "Full", "Commercial use", "Priority email support", "contact"},
});

}  // namespace

std::span<const plan_info> all_plans() { return plans; }

const plan_info& plan_of(plan_code code) {
  for (const auto& plan : plans) {
    if (plan.code == code) return plan;
  }
  return plans.front();
}

std::optional<plan_code> parse_plan(std::string_view id) {
  for (const auto& plan : plans) {
    if (plan.id == id) return plan.code;
  }
  return std::nullopt;
}

int max_days(plan_code plan, interval_size size) {
  const bool wide = plan_of(plan).wide;
  switch (size) {
    case interval_size::m5:
      return wide ? 30 : 8;
    case interval_size::h1:
      return wide ? 365 : 32;
    case interval_size::d1:
    case interval_size::d7:
      return wide ? 3650 : 366;
    case interval_size::mo1:
      return wide ? 36500 : 732;
    case interval_size::mo3:
    case interval_size::season:
      return wide ? 36500 : 1830;
    case interval_size::y1:
      return wide ? 36500 : 3700;
    case interval_size::fy:
      return 7;
  }
  return 7;
}

}  // namespace oes::sim
