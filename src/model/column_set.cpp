#include "model/column_set.hpp"

#include <algorithm>

#include "model/metric.hpp"

namespace oes {
namespace {

constexpr unsigned last_bits = 3;

}  // namespace

// The ledger holds these bits for as far back as a stream reads again: metrics are added after the others of their
// endpoint.
column_set column_of(std::string_view metric) {
  const auto all = known_metrics();
  const auto known = std::ranges::find(all, metric, &metric_info::name);
  if (known != all.end()) {
    const auto place = static_cast<unsigned>(std::count_if(
        all.begin(), known, [&](const metric_info& other) { return other.served_by == known->served_by; }));
    return 1U << std::min(place, column_bits - last_bits - 1);
  }
  unsigned sum = 0;
  for (const char c : metric) sum += static_cast<unsigned char>(c);
  return 1U << (column_bits - 1 - sum % last_bits);
}

column_set columns_named(const std::vector<std::string>& metrics) {
  column_set out = 0;
  for (const auto& metric : metrics) out |= column_of(metric);
  return out;
}

}  // namespace oes
