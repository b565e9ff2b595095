#pragma once
// Every metric of the API: how it is listed (GET /metrics) and how it is computed.
#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "simulator/availability.hpp"

namespace oes::sim {

/// Two-stage aggregation: rows are summed per 5-min label, then folded into the bucket.
enum class fold {
  average,   ///< of the labels' sums: rates
  sum,       ///< quantities
  row_mean,  ///< over all rows of all labels: price, state of charge
  ratio      ///< of two summed columns, in percent
};

struct metric_plan {
  table from = table::data;
  fold how = fold::average;
  std::size_t column = 0;   ///< unit_column or market_column
  std::size_t divisor = 0;  ///< ratio only
  double scale = 1;
};

struct metric_entry {
  std::string_view name;
  std::string_view unit;
  std::string_view description;
  std::string_view default_aggregation;
  int precision = 3;
  std::optional<metric_plan> plan;  ///< none: listed in an enumeration only (pollution)
};

/// In the order in which the server's enumeration states them (its 422 texts name them in this order).
std::span<const metric_entry> metric_entries();
const metric_entry* find_metric_entry(std::string_view name);
/// The order of GET /metrics.
std::span<const std::string_view> listed_metrics();
/// The order of an endpoint's list of supported metrics is of no account: only membership shows.
bool supports(table from, const metric_entry& metric);

}  // namespace oes::sim
