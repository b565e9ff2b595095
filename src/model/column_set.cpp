#include "model/column_set.hpp"

#include <algorithm>
#include <array>

#include "model/metric.hpp"

namespace oes {
namespace {

constexpr unsigned last_bits = 3;

}  // namespace

// The ledger holds these bits for as far back as a stream reads again: metrics are added behind the others of their
// endpoint.
column_set column_of(std::string_view metric) {
  std::array<unsigned, 4> before{};
  for (const auto& known : known_metrics()) {
    auto& place = before[static_cast<std::size_t>(known.served_by)];
    if (known.name == metric) return 1U << std::min(place, column_bits - last_bits - 1);
    ++place;
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
