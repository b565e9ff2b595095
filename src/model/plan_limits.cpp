#include "model/plan_limits.hpp"

namespace oes {

using std::chrono::days;

plan_limits limits_of(std::string_view plan) {
  if (plan == "ACADEMIC") return {"ACADEMIC", 2000, 2, std::nullopt};
  if (plan == "PRO") return {"PRO", 5000, 5, std::nullopt};
  if (plan == "ENTERPRISE") return {"ENTERPRISE", std::nullopt, 10, std::nullopt};
  return {"COMMUNITY", 500, 2, days(730)};
}

days plan_limits::max_window(interval_size size) const {
  const bool community = plan == "COMMUNITY";
  switch (size) {
    case interval_size::m5:
      return days(community ? 8 : 30);
    case interval_size::h1:
      return days(community ? 32 : 365);
    case interval_size::d1:
    case interval_size::d7:
      return days(community ? 366 : 3650);
    case interval_size::mo1:
      return days(community ? 732 : 36500);
    case interval_size::mo3:
    case interval_size::season:
      return days(community ? 1830 : 36500);
    case interval_size::y1:
      return days(community ? 3700 : 36500);
    case interval_size::fy:
      return days(7);  // absent from the server's tables: its default applies
  }
  return days(7);
}

}  // namespace oes
